import type { VNode } from 'preact';
import { showsCall, showsClass, type Filter } from '../world/filter';
import type { CallView, ClassView, View } from '../world/view';
import { count, duration, isSuccess, outcome, scriptName, startWords } from '../world/words';
import { PhaseBar } from './phase-bar';

interface Props {
  readonly view: View;
  readonly filter: Filter;
  readonly now: number;
  /** The keys of the classes that are looked into. */
  readonly open: readonly string[];
  readonly selected: string | undefined;
  readonly isFollowing: boolean;
  readonly onSelect: (key: string | undefined) => void;
  readonly onToggle: (key: string) => void;
  readonly onScript: (script: string) => void;
}

export function CallList(props: Props): VNode {
  const { view, filter, now, open, selected } = props;
  const running = view.running.filter((call) => showsCall(filter, call));
  const classes = view.classes
    .filter((one) => showsClass(filter, one))
    .toSorted((one, other) => other.count - one.count);
  const call = (one: CallView): VNode => (
    <CallRow
      key={one.key}
      call={one}
      now={now}
      isSelected={one.key === selected}
      onSelect={props.onSelect}
    />
  );
  return (
    <section class="panel calls" aria-label="Calls">
      <h2>
        Calls{' '}
        <button
          class="chip"
          aria-pressed={props.isFollowing}
          onClick={() => props.onSelect(undefined)}
          title="Always show the latest call (f)"
        >
          follow the latest
        </button>
      </h2>
      <div class="scroll">
        {running.length > 0 && <h4>running</h4>}
        {running.map(call)}
        {classes.length > 0 && <h4>finished</h4>}
        {classes.map((one) => (
          <div key={one.key} class="class">
            <ClassRow
              one={one}
              isOpen={open.includes(one.key)}
              onToggle={props.onToggle}
              onScript={props.onScript}
            />
            {one.latest !== undefined && (
              <div class="members">
                {one.count > one.latest.length && <h5>the slowest</h5>}
                {one.count > one.latest.length && one.slowest?.map(call)}
                <h5>the latest</h5>
                {one.latest.toReversed().map(call)}
              </div>
            )}
          </div>
        ))}
        {view.running.length + view.classes.length === 0 && <p class="empty">None yet.</p>}
        {running.length + classes.length === 0 && view.running.length + view.classes.length > 0 && (
          <p class="empty">The filter lets none through.</p>
        )}
      </div>
    </section>
  );
}

interface ClassProps {
  readonly one: ClassView;
  readonly isOpen: boolean;
  readonly onToggle: (key: string) => void;
  readonly onScript: (script: string) => void;
}

function ClassRow({ one, isOpen, onToggle, onScript }: ClassProps): VNode {
  const spans = one.phases.map((mean, what) => ({ what, length: mean }));
  return (
    <button
      class="class-row"
      aria-expanded={isOpen}
      data-count={one.count}
      onClick={() => onToggle(one.key)}
    >
      <i class="fold" />
      <span
        class="script"
        title={`${one.script} — show only its calls`}
        onClick={(event) => {
          event.stopPropagation();
          onScript(scriptName(one.script));
        }}
      >
        {scriptName(one.script)}
      </span>
      <span class={`end ${isSuccess(one.outcome) ? '' : 'bad'}`}>{outcome(one.outcome)}</span>
      <span class="start">
        {startWords[one.start]}
        {one.isIncomplete && <em class="warn"> · records lost</em>}
        {one.apart.length > 0 && ` · ${one.apart.join(', ')}`}
      </span>
      <span class="count">{count(one.count)}</span>
      <small class="p99">99 % {duration(one.p99)}</small>
      <span class="times">
        <b>{duration(one.median)}</b>
      </span>
      <PhaseBar spans={spans} />
    </button>
  );
}

interface CallProps {
  readonly call: CallView;
  readonly now: number;
  readonly isSelected: boolean;
  readonly onSelect: (key: string) => void;
}

function CallRow({ call, now, isSelected, onSelect }: CallProps): VNode {
  const isOver = call.outcome !== undefined;
  const spans = call.phases.map(({ what, from, to = now }) => ({ what, length: to - from }));
  return (
    <button
      class={`call-row ${isSelected ? 'selected' : ''} ${isOver ? '' : 'running'}`}
      data-pid={call.pid}
      onClick={() => onSelect(call.key)}
    >
      <span class="script">{isOver ? '' : scriptName(call.script)}</span>
      <span class="pid mono">{call.pid}</span>
      <span class="start">{isOver ? outcome(call.outcome) : startWords[call.start]}</span>
      <span class="times">
        <b>{duration(call.duration ?? now - call.begun)}</b>
      </span>
      <PhaseBar spans={spans} />
    </button>
  );
}
