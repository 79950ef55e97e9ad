// The whole page: what is looked at, and how that is said to the server and to the parts of the page.

import type { VNode } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ChartLayout } from '../layout/types';
import { readFilter } from '../world/filter';
import type { Lane } from '../world/lanes';
import { momentsOf } from '../world/story';
import { CallList } from './call-list';
import { Details } from './details';
import { Header } from './header';
import { Help } from './help';
import { useKeys } from './keys';
import { ProcessTree } from './process-tree';
import { ReplayBar, useReplay } from './replay-bar';
import { useServer } from './server-link';
import { Stage } from './stage';
import { useTheme } from './theme';
import { Timeline } from './timeline';
import { TipHost } from './tip';

/** Milliseconds between two steps that are shown by themselves, and between two looks at the clock. */
const stepPace = 350;
const clockPace = 200;

export function App({ charts }: { readonly charts: readonly ChartLayout[] }): VNode {
  const [subjectKey, setSubject] = useState<string | undefined>(undefined);
  const [open, setOpen] = useState<readonly string[]>([]);
  const [choice, setChoice] = useState<{ role: string; key?: string }>({ role: 'client' });
  const [cursor, setCursor] = useState<number | undefined>(undefined);
  const [isPlaying, setPlaying] = useState(false);
  const [filterText, setFilterText] = useState('');
  const [hasHelp, setHelp] = useState(false);
  const { theme, turn } = useTheme();
  const filterField = useRef<HTMLInputElement>(null);
  const replay = useReplay();
  const { hello, update, updatedAt, isConnected } = useServer({
    open,
    ...(subjectKey === undefined ? {} : { subject: subjectKey }),
    ...(replay.time === undefined ? {} : { time: replay.time }),
  });
  useEffect(() => replay.begin(hello), [hello]);

  const subject = update?.view.subject;
  const lanes = useMemo(() => subject?.lanes ?? idleLanes(charts), [subject, charts]);
  const moments = useMemo(() => momentsOf(lanes), [subject]);
  const lane =
    lanes.find(({ key }) => key === choice.key) ??
    lanes.findLast(({ role }) => role === choice.role) ??
    lanes[0];
  const choose = ({ role, key }: Lane): void => setChoice({ role, key });
  const tabs = useMemo(
    () =>
      lanes.filter(({ role }, index) => lanes.findLastIndex((one) => one.role === role) === index),
    [lanes],
  );
  const filter = useMemo(() => readFilter(filterText), [filterText]);
  const now = useNow(update?.view.time ?? 0, updatedAt, hello?.mode === 'live' && isConnected);

  const select = (key: string | undefined): void => {
    setSubject(key);
    setCursor(undefined);
    setPlaying(false);
  };
  const toggle = (key: string): void =>
    setOpen((old) => (old.includes(key) ? old.filter((one) => one !== key) : [...old, key]));
  /** To another step: a call that is followed is held for it. */
  const moveTo = (index: number | undefined): void => {
    if (index !== undefined && subject !== undefined) setSubject(subject.key);
    const inside = index === undefined || index >= moments.length ? undefined : Math.max(0, index);
    setCursor(inside);
    if (inside === undefined) setPlaying(false);
  };
  const at = cursor === undefined ? moments.length - 1 : Math.min(cursor, moments.length - 1);
  const moveBy = (steps: number): void =>
    at + steps > moments.length - 1 ? moveTo(undefined) : moveTo(at + steps);
  const turnLane = (by: number): void => {
    const index = tabs.findIndex(({ role }) => role === lane?.role);
    const next = tabs[(index + by + tabs.length) % tabs.length];
    if (next !== undefined) choose(next);
  };
  const play = (): void => {
    if (!isPlaying && at === moments.length - 1) moveTo(0);
    setPlaying(!isPlaying);
  };
  useEffect(() => {
    if (!isPlaying) return;
    const timer = setTimeout(() => moveBy(1), stepPace);
    return () => clearTimeout(timer);
  }, [isPlaying, at, moments]);

  useKeys({
    '/': () => filterField.current?.focus(),
    ArrowLeft: () => moveBy(-1),
    ArrowRight: () => moveBy(1),
    Home: () => moveTo(0),
    End: () => moveTo(undefined),
    ' ': play,
    '[': () => turnLane(-1),
    ']': () => turnLane(1),
    f: () => select(undefined),
    p: () => replay.toggle(),
    t: turn,
    '?': () => setHelp(!hasHelp),
    Escape: () => {
      setHelp(false);
      filterField.current?.blur();
    },
    ...Object.fromEntries(
      tabs.map((one, index) => [String(index + 1), () => choose(one)] as const),
    ),
  });

  if (hello === undefined || update === undefined)
    return <p class="waiting">{isConnected ? 'Looking …' : 'Connecting …'}</p>;
  const { view, descriptors } = update;
  return (
    <div class={`page ${hello.mode}`}>
      <Header
        {...{ hello, view, isConnected, theme, filterText, filterField }}
        onFilter={setFilterText}
        onTheme={turn}
        onHelp={() => setHelp(true)}
      />
      <aside class="side">
        <ProcessTree
          {...{ view, descriptors, filter, now, subject }}
          shown={lane?.key}
          onSelect={(process) => {
            select(process.call ?? process.key);
            setChoice(process);
          }}
        />
        <CallList
          {...{ view, filter, now, open }}
          selected={subject?.key}
          isFollowing={subjectKey === undefined}
          onSelect={select}
          onToggle={toggle}
          onScript={(script) => setFilterText(`script:${script}`)}
        />
      </aside>
      <main class="middle">
        <Timeline
          {...{ subject, moments, cursor, now, isPlaying }}
          shown={lane?.key}
          isPinned={subjectKey !== undefined}
          onLane={choose}
          onMove={moveTo}
          onPlay={play}
          onFollow={() => select(undefined)}
        />
        <Stage {...{ charts, tabs, lane, moments, cursor }} onLane={choose} />
      </main>
      <Details
        {...{ lane, moments, cursor, now }}
        start={subject?.call?.begun ?? moments[0]?.step.t ?? 0}
        descriptors={lane && descriptors?.[lane.key]}
        processes={view.processes}
        lanes={lanes}
        onMove={moveTo}
        onLane={choose}
      />
      {hello.mode === 'replay' && <ReplayBar {...{ hello, replay }} />}
      {hasHelp && <Help mode={hello.mode} onClose={() => setHelp(false)} />}
      <TipHost />
    </div>
  );
}

/** The charts themselves, as long as nobody runs one. */
const idleLanes = (charts: readonly ChartLayout[]): readonly Lane[] =>
  charts.map(({ id }) => ({
    ...{ key: id, role: id, chart: id, engine: '', pid: 0, parent: 0 },
    ...{ steps: [], stepCount: 0 },
  }));

/** The time by the processes' clock, going on between updates. */
function useNow(time: number, updatedAt: number, isRunning: boolean): number {
  const [, tick] = useState(0);
  useEffect(() => {
    if (!isRunning) return;
    const timer = setInterval(() => tick((old) => old + 1), clockPace);
    return () => clearInterval(timer);
  }, [isRunning]);
  return isRunning ? time + (performance.now() - updatedAt) * 1000 : time;
}
