# Ends by _exit: at any other end this library's monitor may interrupt the script while it ends.
use POSIX ();
use Proc::Prefork::Interp;
prefork_initialisation_complete();
$| = 1;
print "hello\n";
POSIX::_exit(0);
