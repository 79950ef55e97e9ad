import type { VNode } from 'preact';
import { actorClass } from './actor-class';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { links } from '../../machines/links';
import type { Descriptor } from '../world/descriptors';
import type { Lane } from '../world/lanes';
import { standingOf, type Moment, type Standing } from '../world/story';
import type { ProcessView } from '../world/view';
import { duration, leafName, signalName } from '../world/words';
import { StepFacts, tipOn } from './tip';

interface Props {
  readonly lane: Lane | undefined;
  readonly moments: readonly Moment[];
  readonly cursor: number | undefined;
  readonly now: number;
  /** When the call began. */
  readonly start: number;
  readonly descriptors: readonly Descriptor[] | undefined;
  readonly processes: readonly ProcessView[];
  readonly lanes: readonly Lane[];
  readonly onMove: (index: number) => void;
  readonly onLane: (lane: Lane) => void;
}

export function Details(props: Props): VNode {
  const { lane, moments, cursor, now, descriptors } = props;
  const standing = useMemo(() => {
    const until = cursor === undefined ? moments : moments.slice(0, cursor + 1);
    return lane && standingOf(lane, until, cursor === undefined);
  }, [lane, moments, cursor]);
  const later = cursor === undefined ? [] : moments.slice(cursor + 1);
  const leaving = later.find((one) => one.lane === lane?.key && one.step.path.length > 0)?.step.t;
  return (
    <aside class="panel details" aria-label="Details">
      {lane === undefined || standing === undefined || lane.pid === 0 ? (
        <p class="empty">What a process is doing, and why, will be here.</p>
      ) : (
        <>
          <Now lane={lane} standing={standing} until={leaving ?? lane.gone?.t ?? now} />
          {standing.last !== undefined && <Last standing={standing} />}
          <Facts lane={lane} />
          {descriptors !== undefined && <Files {...props} files={descriptors} />}
          <Steps {...props} />
        </>
      )}
    </aside>
  );
}

interface NowProps {
  readonly lane: Lane;
  readonly standing: Standing;
  /** When it leaves the state that it is in, or ends in it. */
  readonly until: number;
}

function Now({ lane, standing, until }: NowProps): VNode {
  const { state, since, isGone } = standing;
  return (
    <section class={`now ${actorClass(lane.role)}`}>
      <h2>
        <i class="dot" /> {lane.role} <span class="mono">{lane.pid}</span>
      </h2>
      <p class="state" id="state">
        {state?.includes('.') === true && (
          <small>{state.slice(0, state.lastIndexOf('.') + 1)}</small>
        )}
        {state === undefined ? 'not yet begun' : leafName(state)}
      </p>
      <p class="since">
        {isGone ? endWords(lane) : since === undefined ? '' : `for ${duration(until - since)}`}
      </p>
    </section>
  );
}

const endWords = ({ gone }: Lane): string => {
  if (gone?.ending === undefined) return 'has ended';
  const { ending } = gone;
  return 'code' in ending
    ? `ended with status ${ending.code}`
    : `died by ${signalName(ending.signal)}`;
};

function Last({ standing: { last } }: { readonly standing: Standing }): VNode | null {
  if (last === undefined) return null;
  const { event, from, to, path } = last;
  return (
    <section class="last">
      <h3>last transition</h3>
      <p class="transition">
        <code id="event">{event ?? 'start'}</code>
        {from !== null && <span>{from}</span>}
        <span>{path.length > 0 ? `→ ${to}` : 'stays'}</span>
      </p>
      <StepFacts step={last} />
    </section>
  );
}

function Facts({ lane }: { readonly lane: Lane }): VNode {
  const { pid, parent, session, group, engine, stepCount } = lane;
  return (
    <section>
      <h3>process</h3>
      <dl class="facts">
        <dt>parent</dt>
        <dd class="mono">{parent}</dd>
        <dt>session</dt>
        <dd class="mono">
          {session ?? '?'} {session === pid && <small>leads it</small>}
        </dd>
        <dt>group</dt>
        <dd class="mono">
          {group ?? '?'} {group === pid && <small>leads it</small>}
        </dd>
        <dt>engine</dt>
        <dd>{engine}</dd>
        <dt>steps</dt>
        <dd>{stepCount}</dd>
      </dl>
    </section>
  );
}

function Files(props: Props & { readonly files: readonly Descriptor[] }): VNode {
  const { files, processes, lanes } = props;
  const nameOf = (key: string): string => {
    const process = [...processes, ...lanes].find((one) => one.key === key);
    return process === undefined ? '' : `${process.role} ${process.pid}`;
  };
  const sorted = files.toSorted(
    (one, other) =>
      Number(one.link === undefined) - Number(other.link === undefined) ||
      one.number - other.number,
  );
  return (
    <section>
      <h3>descriptors</h3>
      <ul class="files">
        {sorted.map((file) => (
          <li
            key={file.number}
            class={file.link === undefined ? 'other' : 'known'}
            {...tipOn(() => (
              <>
                <h3>{file.link ?? `descriptor ${file.number}`}</h3>
                <p>{links.find(({ name }) => name === file.link)?.description}</p>
                <p class="mono">{file.target}</p>
              </>
            ))}
          >
            <span class="number mono">{file.number}</span>
            <span>{file.link ?? <span class="mono">{file.target}</span>}</span>
            <small>{file.others?.map(nameOf).join(', ') ?? ''}</small>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Steps({ moments, cursor, start, lanes, onMove, onLane }: Props): VNode {
  const list = useRef<HTMLOListElement>(null);
  const at = cursor ?? moments.length - 1;
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  return (
    <section class="steps">
      <h3>steps</h3>
      <ol ref={list} class="scroll">
        {moments.map(({ lane, step }, index) => {
          const actor = lanes.find(({ key }) => key === lane);
          if (actor === undefined) return null;
          const { role } = actor;
          return (
            <li
              key={index}
              class={`${actorClass(role)} ${index === at ? 'current' : ''} ${index > at ? 'later' : ''}`}
              onClick={() => {
                onLane(actor);
                onMove(index);
              }}
              {...tipOn(() => (
                <>
                  <h3>
                    {role}: {step.event ?? 'start'}
                  </h3>
                  <p>
                    {step.from} {step.path.length > 0 ? `→ ${step.path.join(' → ')}` : 'stays'}
                  </p>
                  <StepFacts step={step} />
                </>
              ))}
            >
              <span class="offset">{duration(step.t - start)}</span>
              <i class="dot" />
              <span class="what">
                <span>{step.event ?? 'start'}</span>
                <span class="to">{step.path.length > 0 ? leafName(step.to) : ''}</span>
              </span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
