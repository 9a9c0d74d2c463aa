using System.Runtime.CompilerServices;

// Every P/Invoke here is source generated down to blittable arguments. Saying so for the whole assembly lets
// ReadyToRun compile the stubs ahead of time; otherwise each first call is a method compiled while a user waits.
[assembly: DisableRuntimeMarshalling]
