// Our client and the original's, our library and the original's: any of the former with any of the latter.

import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { PrivateHome, cannotCompare, clients } from './support/private-home';
import type { ClientName } from './support/private-home';
import { isAlive } from './support/processes';
import { languages, reportOf } from './support/reporting-scripts';
import type { Outcome } from './support/sandbox';
import { until } from './support/until';

type Language = keyof typeof languages;

const bothLanguages: readonly Language[] = ['Node', 'Perl'];
const bothClients: readonly ClientName[] = ['ours', 'original'];

function newHome(t: TestContext): PrivateHome {
  const home = new PrivateHome();
  t.after(() => home.end());
  return home;
}

/** The one socket in the run directory: its name and its inode. */
function socketOf(home: PrivateHome): string {
  const [name, ...others] = home.runFiles().filter((file) => file.startsWith('s'));
  assert.ok(name !== undefined);
  assert.deepEqual(others, []);
  return `${name} ${statSync(join(home.runDirectory, name)).ino}`;
}

for (const language of bothLanguages) {
  const { interpreter, name, reportingScript } = languages[language];

  describe(`a ${language} script`, { skip: cannotCompare }, () => {
    for (const first of bothClients) {
      for (const second of bothClients) {
        const title =
          first === second
            ? `serves the client that started it again: ${first}`
            : `that was started by one client serves the other: ${first}, then ${second}`;
        test(title, async (t) => {
          const home = newHome(t);
          const script = home.script(name, reportingScript);
          const call = async (client: ClientName, status: number) => {
            const words = ['a b', '', '-U', 'ü', `from ${client}`];
            const outcome = await home.run(clients[client], ['-U', interpreter, script, ...words], {
              input: 'one line\nno newline',
              env: { GREETING: `hello\n${status}`, STATUS: String(status) },
            });
            const report = reportOf(outcome);
            // The original sends these two as well, and the original's library takes them as they come.
            const surplus =
              client === 'original' && language === 'Perl' ? [interpreter, script] : [];
            assert.deepEqual(report.arguments, [...surplus, ...words]);
            assert.equal(report.greeting, `hello\n${status}`);
            assert.equal(report.input, 'one line\nno newline');
            assert.equal(outcome.stderr, 'a complaint\n');
            assert.deepEqual([outcome.code, outcome.signal], [status, null]);
            return { warmed: report.warmed, server: report.server };
          };

          const cold = await call(first, 23);
          const socket = socketOf(home);
          assert.deepEqual(await call(second, 0), cold);
          assert.equal(socketOf(home), socket);
          assert.ok(isAlive(cold.server));
        });
      }
    }

    test('has one server when both clients call at once', async (t) => {
      const home = newHome(t);
      const script = home.script(name, reportingScript);
      const calls = [...bothClients, ...bothClients].map((client) =>
        home.run(clients[client], ['-U', interpreter, script]),
      );
      const outcomes = await Promise.all(calls);
      assert.equal(new Set(outcomes.map((outcome) => reportOf(outcome).server)).size, 1);
      socketOf(home);
    });

    test('shares a server among the same clients under the same options', async (t) => {
      const home = newHome(t);
      const script = home.script(name, reportingScript);
      const serverFor = async (client: ClientName, options: string[], env = {}) => {
        const words = ['-U', ...options, interpreter, script];
        return reportOf(await home.run(clients[client], words, { env })).server;
      };
      const seen = new Set<number>();
      for (const [options, env] of [
        [[]],
        [['-G', 'one', '-E', 'FLAVOUR'], { FLAVOUR: 'sweet' }],
        [['-G', 'one', '-E', 'FLAVOUR'], { FLAVOUR: undefined }],
        [['-g', 'by-name']],
      ] as const) {
        const server = await serverFor('ours', [...options], env);
        assert.equal(await serverFor('original', [...options], env), server, options.join(' '));
        seen.add(server);
      }
      assert.equal(seen.size, 4);
    });

    for (const [starter, other] of [bothClients, [...bothClients].reverse()] as ClientName[][]) {
      if (starter === undefined || other === undefined) continue;

      test(`is ended and replaced by one client for the other: ${starter}, ${other}`, async (t) => {
        const home = newHome(t);
        const script = home.script(name, reportingScript);
        const run = (client: ClientName, ...options: string[]): Promise<Outcome> =>
          home.run(clients[client], ['-U', ...options, interpreter, script]);
        const ended = (server: number): Promise<boolean> =>
          until(`the end of server ${server}`, () => !isAlive(server));

        const first = reportOf(await run(starter)).server;
        const fresh = reportOf(await run(other, '-f')).server;
        assert.notEqual(fresh, first);
        await ended(first);
        assert.equal(reportOf(await run(starter)).server, fresh);

        const killed = await run(other, '--kill');
        assert.deepEqual(killed, { stdout: '', stderr: '', code: 0, signal: null });
        await ended(fresh);
        assert.deepEqual(home.runFiles(), []);
      });
    }
  });
}

describe('how a script ends', { skip: cannotCompare }, () => {
  const endings: Readonly<Record<Language, string>> = {
    Node: `const { initialisationComplete } = require('prefork-interp');
           initialisationComplete();
           process.kill(process.pid, process.argv[2]);
           setInterval(() => undefined, 1000);`,
    Perl: `use Proc::Prefork::Interp;
           prefork_initialisation_complete();
           kill $ARGV[-1], $$;
           sleep 1 while 1;`,
  };

  for (const language of bothLanguages) {
    for (const client of bothClients) {
      test(`by a signal reaches the caller: ${language} script, ${client} client`, async (t) => {
        const home = newHome(t);
        const script = home.script(`end-${language}`, endings[language]);
        const { interpreter } = languages[language];
        for (const signal of ['SIGTERM', 'SIGKILL', 'SIGHUP', 'SIGINT'] as const) {
          const outcome = await home.run(clients[client], ['-U', interpreter, script, signal]);
          assert.deepEqual(outcome, { stdout: '', stderr: '', code: null, signal });
        }
        // Anything else would look like a fault of the client itself.
        const outcome = await home.run(clients[client], ['-U', interpreter, script, 'SIGUSR2']);
        assert.deepEqual([outcome.code, outcome.signal], [127, null]);
        assert.match(outcome.stderr, /^prefork-interp: invocation failed due to signal 12\b.*\n$/);
      });
    }
  }
});

describe('a Node script under the original client', { skip: cannotCompare }, () => {
  const script = languages.Node.reportingScript;

  test('gets the words after its name alone, however it was started', async (t) => {
    const home = newHome(t);
    const argumentsOf = async (command: string, words: readonly string[]) =>
      reportOf(await home.run(command, words)).arguments;
    home.script('plain.js', script);
    const { interpreter } = languages.Node;
    const direct = home.script('direct', `#!${clients.original} -U,${interpreter}\n${script}`);
    const apart = home.script('apart', `#!${clients.original} -U ${interpreter}\n${script}`);

    assert.deepEqual(await argumentsOf(clients.original, ['-U', interpreter, 'plain.js']), []);
    assert.deepEqual(await argumentsOf(direct, ['x', 'y']), ['x', 'y']);
    assert.deepEqual(await argumentsOf(apart, ['x', 'y']), ['x', 'y']);
    assert.deepEqual(await argumentsOf('./direct', []), []);
  });

  test('loses no argument that looks like interpreter and script', async (t) => {
    const home = newHome(t);
    home.script('plain.js', script);
    const { interpreter } = languages.Node;
    const lookalikes = [interpreter, 'plain.js', interpreter, 'plain.js', 'x'];
    for (const client of [...bothClients, ...bothClients]) {
      const outcome = await home.run(clients[client], [
        '-U',
        interpreter,
        'plain.js',
        ...lookalikes,
      ]);
      assert.deepEqual(reportOf(outcome).arguments, lookalikes, client);
    }
  });
});
