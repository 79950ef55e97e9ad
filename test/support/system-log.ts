// A system log of one's own: what is started beside it finds a /dev/log that keeps each message on a line.

import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunOptions, Sandbox } from './sandbox';
import { until } from './until';

// A private /dev, in which /dev/log is ours, and the logger.
const privateDevices = `
  mkdir dev
  for name in null zero full random urandom tty; do
    : >dev/$name; mount --bind /dev/$name dev/$name
  done
  ln -s /proc/self/fd dev/fd
  mount --rbind dev /dev
  exec perl -MIO::Socket::UNIX -e '
    my $log = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => "/dev/log") or die "socket: $!";
    open my $out, ">>", "messages" or die; $out->autoflush(1);
    while (defined $log->recv(my $message, 65536)) { $message =~ tr/\\n/ /; print $out "$message\\n"; }'`;

const isRoot = process.getuid?.() === 0;

export class SystemLog {
  private constructor(
    private readonly sandbox: Sandbox,
    private readonly logger: ChildProcess,
  ) {}

  /** The log is there when this returns; it ends with the sandbox. */
  static async start(sandbox: Sandbox): Promise<SystemLog> {
    const rights = isRoot ? ['-m'] : ['-Urm'];
    const logger = sandbox.start('unshare', [...rights, 'bash', '-ec', privateDevices]);
    await until('the logger', () => existsSync(join(sandbox.folder, 'dev/log')));
    return new SystemLog(sandbox, logger);
  }

  /** Starts a command where /dev/log leads to the logger. */
  startBeside(words: readonly string[], options: RunOptions = {}): ChildProcess {
    return this.sandbox.start(
      'nsenter',
      [
        `--target=${String(this.logger.pid)}`,
        ...(isRoot ? [] : ['--user', '--preserve-credentials']),
        '--mount',
        `--wdns=${this.sandbox.folder}`,
        ...words,
      ],
      options,
    );
  }

  /** What has arrived so far: "<PRIORITY>Mmm dd hh:mm:ss TEXT" each. */
  messages(): string[] {
    const path = join(this.sandbox.folder, 'messages');
    return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
  }
}
