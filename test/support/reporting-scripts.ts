// The same script in two languages: it reports what its caller gave it and which server it comes from.

/** What the script prints, as one line of JSON. */
export interface Report {
  /** The process that was warmed: the setup, whose memory the server and every call are copies of. */
  readonly warmed: number;
  /** The parent of the monitor. */
  readonly server: number;
  readonly arguments: readonly string[];
  readonly greeting: string | null;
  readonly input: string;
}

// It ends with the status that STATUS names, after a word on standard error.
const node = `
const { initialisationComplete } = require('prefork-interp');
const { readFileSync } = require('node:fs');
const warmed = process.pid;
initialisationComplete();
const parentOf = (pid) => Number(/\\) . (\\d+)/.exec(readFileSync('/proc/' + pid + '/stat', 'utf8'))[1]);
const report = {
  warmed,
  server: parentOf(parentOf('self')),
  arguments: process.argv.slice(2),
  greeting: process.env.GREETING ?? null,
  input: readFileSync(0, 'utf8'),
};
console.log(JSON.stringify(report));
console.error('a complaint');
process.exitCode = Number(process.env.STATUS ?? 0);
`;

// Ends by _exit: at any other end this language's library reports an interrupt most of the time.
const perl = `
use strict;
use JSON::PP;
use POSIX ();
use Proc::Prefork::Interp;
my $warmed = $$;
prefork_initialisation_complete();
sub parent_of {
  open my $file, '<', "/proc/$_[0]/stat" or die;
  return <$file> =~ /\\) . (\\d+)/ ? $1 + 0 : die;
}
my $report = {
  warmed => $warmed,
  server => parent_of(parent_of('self')),
  arguments => [@ARGV],
  greeting => $ENV{GREETING},
  input => join('', <STDIN>),
};
$| = 1;
# The strings are bytes already.
print JSON::PP->new->encode($report), "\\n";
syswrite STDERR, "a complaint\\n";
POSIX::_exit($ENV{STATUS} // 0);
`;

export const languages = {
  Node: { interpreter: process.execPath, name: 'report.js', reportingScript: node },
  Perl: { interpreter: 'perl', name: 'report.pl', reportingScript: perl },
} as const;

export function reportOf({ stdout }: { readonly stdout: string }): Report {
  return JSON.parse(stdout) as Report;
}
