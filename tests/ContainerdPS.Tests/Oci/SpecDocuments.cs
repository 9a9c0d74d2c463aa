namespace ContainerdPS.Tests.Oci;

internal static class SpecDocuments
{
    /// <summary>A document that has every member of the runtime specification once.</summary>
    public const string Everything = """
        {
          "ociVersion": "1.2.0",
          "process": {
            "terminal": true,
            "consoleSize": {
              "height": 25,
              "width": 80
            },
            "user": {
              "uid": 1,
              "gid": 2,
              "umask": 18,
              "additionalGids": [
                3
              ],
              "username": "u"
            },
            "args": [
              "sh"
            ],
            "commandLine": "cmd /c x",
            "env": [
              "A=1"
            ],
            "cwd": "/",
            "capabilities": {
              "bounding": [
                "CAP_CHOWN"
              ],
              "effective": [
                "CAP_CHOWN"
              ],
              "inheritable": [
                "CAP_CHOWN"
              ],
              "permitted": [
                "CAP_CHOWN"
              ],
              "ambient": [
                "CAP_CHOWN"
              ]
            },
            "rlimits": [
              {
                "type": "RLIMIT_NOFILE",
                "hard": 2,
                "soft": 1
              }
            ],
            "noNewPrivileges": true,
            "apparmorProfile": "p",
            "oomScoreAdj": -5,
            "selinuxLabel": "l",
            "scheduler": {
              "policy": "SCHED_DEADLINE",
              "nice": -1,
              "priority": 1,
              "flags": [
                "SCHED_FLAG_RESET_ON_FORK"
              ],
              "runtime": 1,
              "deadline": 2,
              "period": 3
            },
            "ioPriority": {
              "class": "IOPRIO_CLASS_BE",
              "priority": 4
            },
            "execCPUAffinity": {
              "initial": "0-1",
              "final": "2"
            }
          },
          "root": {
            "path": "rootfs",
            "readonly": true
          },
          "hostname": "h",
          "domainname": "d",
          "mounts": [
            {
              "destination": "/d",
              "type": "bind",
              "source": "/s",
              "options": [
                "rbind",
                "ro"
              ],
              "uidMappings": [
                {
                  "containerID": 0,
                  "hostID": 1000,
                  "size": 65536
                }
              ],
              "gidMappings": [
                {
                  "containerID": 0,
                  "hostID": 1000,
                  "size": 65536
                }
              ]
            }
          ],
          "hooks": {
            "prestart": [
              {
                "path": "/h",
                "args": [
                  "h",
                  "-x"
                ],
                "env": [
                  "A=1"
                ],
                "timeout": 5
              }
            ],
            "createRuntime": [
              {
                "path": "/h",
                "args": [
                  "h",
                  "-x"
                ],
                "env": [
                  "A=1"
                ],
                "timeout": 5
              }
            ],
            "createContainer": [
              {
                "path": "/h",
                "args": [
                  "h",
                  "-x"
                ],
                "env": [
                  "A=1"
                ],
                "timeout": 5
              }
            ],
            "startContainer": [
              {
                "path": "/h",
                "args": [
                  "h",
                  "-x"
                ],
                "env": [
                  "A=1"
                ],
                "timeout": 5
              }
            ],
            "poststart": [
              {
                "path": "/h",
                "args": [
                  "h",
                  "-x"
                ],
                "env": [
                  "A=1"
                ],
                "timeout": 5
              }
            ],
            "poststop": [
              {
                "path": "/h",
                "args": [
                  "h",
                  "-x"
                ],
                "env": [
                  "A=1"
                ],
                "timeout": 5
              }
            ]
          },
          "annotations": {
            "k": "v"
          },
          "linux": {
            "uidMappings": [
              {
                "containerID": 0,
                "hostID": 1000,
                "size": 65536
              }
            ],
            "gidMappings": [
              {
                "containerID": 0,
                "hostID": 1000,
                "size": 65536
              }
            ],
            "sysctl": {
              "net.core.somaxconn": "1"
            },
            "resources": {
              "devices": [
                {
                  "allow": true,
                  "type": "c",
                  "major": 1,
                  "minor": 3,
                  "access": "rwm"
                }
              ],
              "memory": {
                "limit": 1,
                "reservation": 2,
                "swap": 3,
                "kernel": 4,
                "kernelTCP": 5,
                "swappiness": 6,
                "disableOOMKiller": true,
                "useHierarchy": true,
                "checkBeforeUpdate": true
              },
              "cpu": {
                "shares": 1,
                "quota": 2,
                "burst": 3,
                "period": 4,
                "realtimeRuntime": 5,
                "realtimePeriod": 6,
                "cpus": "0",
                "mems": "0",
                "idle": 1
              },
              "pids": {
                "limit": 10
              },
              "blockIO": {
                "weight": 10,
                "leafWeight": 11,
                "weightDevice": [
                  {
                    "major": 8,
                    "minor": 0,
                    "weight": 1,
                    "leafWeight": 2
                  }
                ],
                "throttleReadBpsDevice": [
                  {
                    "major": 8,
                    "minor": 0,
                    "rate": 1024
                  }
                ],
                "throttleWriteBpsDevice": [
                  {
                    "major": 8,
                    "minor": 0,
                    "rate": 1024
                  }
                ],
                "throttleReadIOPSDevice": [
                  {
                    "major": 8,
                    "minor": 0,
                    "rate": 1024
                  }
                ],
                "throttleWriteIOPSDevice": [
                  {
                    "major": 8,
                    "minor": 0,
                    "rate": 1024
                  }
                ]
              },
              "hugepageLimits": [
                {
                  "pageSize": "2MB",
                  "limit": 4194304
                }
              ],
              "network": {
                "classID": 1,
                "priorities": [
                  {
                    "name": "eth0",
                    "priority": 2
                  }
                ]
              },
              "rdma": {
                "mlx5_1": {
                  "hcaHandles": 3,
                  "hcaObjects": 4
                }
              },
              "unified": {
                "memory.high": "1"
              }
            },
            "cgroupsPath": "/c",
            "namespaces": [
              {
                "type": "network",
                "path": "/n"
              }
            ],
            "devices": [
              {
                "path": "/dev/x",
                "type": "c",
                "major": 1,
                "minor": 2,
                "fileMode": 438,
                "uid": 1,
                "gid": 2
              }
            ],
            "netDevices": {
              "eth0": {
                "name": "n0"
              }
            },
            "seccomp": {
              "defaultAction": "SCMP_ACT_ERRNO",
              "defaultErrnoRet": 1,
              "architectures": [
                "SCMP_ARCH_X86_64"
              ],
              "flags": [
                "SECCOMP_FILTER_FLAG_LOG"
              ],
              "listenerPath": "/l",
              "listenerMetadata": "m",
              "syscalls": [
                {
                  "names": [
                    "x"
                  ],
                  "action": "SCMP_ACT_ALLOW",
                  "errnoRet": 1,
                  "args": [
                    {
                      "index": 0,
                      "value": 1,
                      "valueTwo": 2,
                      "op": "SCMP_CMP_EQ"
                    }
                  ]
                }
              ]
            },
            "rootfsPropagation": "private",
            "maskedPaths": [
              "/m"
            ],
            "readonlyPaths": [
              "/r"
            ],
            "mountLabel": "l",
            "intelRdt": {
              "closID": "c",
              "schemata": [
                "L3:0=f"
              ],
              "l3CacheSchema": "L3:0=f",
              "memBwSchema": "MB:0=20",
              "enableCMT": true,
              "enableMBM": true,
              "enableMonitoring": true
            },
            "memoryPolicy": {
              "mode": "MPOL_BIND",
              "nodes": "0",
              "flags": [
                "MPOL_F_STATIC_NODES"
              ]
            },
            "personality": {
              "domain": "LINUX",
              "flags": [
                "F"
              ]
            },
            "timeOffsets": {
              "boottime": {
                "secs": -1,
                "nanosecs": 2
              }
            }
          },
          "windows": {
            "layerFolders": [
              "C:\\l"
            ],
            "devices": [
              {
                "id": "i",
                "idType": "class"
              }
            ],
            "resources": {
              "memory": {
                "limit": 1
              },
              "cpu": {
                "count": 1,
                "shares": 2,
                "maximum": 3,
                "affinity": [
                  {
                    "mask": 1,
                    "group": 0
                  }
                ]
              },
              "storage": {
                "iops": 1,
                "bps": 2,
                "sandboxSize": 3
              }
            },
            "credentialSpec": {
              "CmsPlugins": [
                "x"
              ]
            },
            "servicing": true,
            "ignoreFlushesDuringBoot": true,
            "hyperv": {
              "utilityVMPath": "C:\\u"
            },
            "network": {
              "endpointList": [
                "e"
              ],
              "allowUnqualifiedDNSQuery": true,
              "DNSSearchList": [
                "d"
              ],
              "networkSharedContainerName": "n",
              "networkNamespace": "ns"
            }
          }
        }
        """;
}
