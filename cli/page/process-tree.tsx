import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Descriptors } from '../world/descriptors';
import { showsProcess, type Filter } from '../world/filter';
import { treeOf, type Branch } from '../world/tree';
import type { ProcessView, Subject, View } from '../world/view';
import { duration, leafName, scriptName } from '../world/words';
import { StepFacts, tipBeside } from './tip';

interface Props {
  readonly view: View;
  readonly descriptors: Descriptors | undefined;
  readonly filter: Filter;
  readonly now: number;
  readonly subject: Subject | undefined;
  /** The key of the one whose chart is shown. */
  readonly shown: string | undefined;
  readonly onSelect: (process: ProcessView) => void;
}

export function ProcessTree(props: Props): VNode {
  const { view, descriptors = {}, filter, subject } = props;
  const [pointed, point] = useState<string | undefined>(undefined);
  const clients = new Map(view.running.map(({ key, pid }) => [key, pid]));
  const branches = treeOf(view.processes).filter(({ process }) =>
    showsProcess(
      filter,
      process,
      process.call === undefined ? undefined : clients.get(process.call),
    ),
  );
  const linked = linksOf(descriptors, pointed);
  return (
    <section class="panel tree" aria-label="Processes">
      <h2>
        Processes <small>{branches.length}</small>
      </h2>
      <div class="scroll" role="tree">
        {branches.length === 0 && (
          <p class="empty">
            {view.processes.length === 0
              ? 'None yet. Call a script with prefork-interp, and its processes appear here.'
              : 'The filter lets none through.'}
          </p>
        )}
        {branches.map((branch) => (
          <Row
            key={branch.process.key}
            branch={branch}
            now={props.now}
            links={linked.get(branch.process.key) ?? []}
            isOfSubject={subject?.lanes.some(({ key }) => key === branch.process.key) ?? false}
            isShown={branch.process.key === props.shown}
            onPoint={point}
            onSelect={props.onSelect}
          />
        ))}
      </div>
    </section>
  );
}

interface RowProps {
  readonly branch: Branch;
  readonly now: number;
  /** The descriptors that run from here to the process that is pointed at. */
  readonly links: readonly string[];
  readonly isOfSubject: boolean;
  readonly isShown: boolean;
  readonly onPoint: (key: string | undefined) => void;
  readonly onSelect: (process: ProcessView) => void;
}

function Row({ branch, now, links, isOfSubject, isShown, onPoint, onSelect }: RowProps): VNode {
  const { process, depth, isLast } = branch;
  const { key, role, pid, state, since, session, group, script } = process;
  const tip = tipBeside(() => <ProcessFacts process={process} />);
  return (
    <button
      role="treeitem"
      aria-level={depth + 1}
      data-pid={pid}
      data-role={role}
      data-state={state}
      class={`row actor-${role} ${isOfSubject ? 'of-subject' : ''} ${isShown ? 'shown' : ''}`}
      style={{ '--depth': depth }}
      onClick={() => onSelect(process)}
      {...tip}
      onPointerEnter={(event) => {
        onPoint(key);
        tip.onPointerEnter(event);
      }}
      onPointerLeave={() => {
        onPoint(undefined);
        tip.onPointerLeave();
      }}
    >
      {depth > 0 && <i class={`twig ${isLast ? 'last' : ''}`} />}
      <i class="dot" />
      <span class="who">
        {role}
        {role === 'server' && <em>{scriptName(script)}</em>}
      </span>
      <span class="pid mono">{pid}</span>
      <span class="badges">
        {session === pid && <abbr title="leads a session">S</abbr>}
        {group === pid && <abbr title="leads a process group">G</abbr>}
        {links.map((link) => (
          <b key={link} class="link">
            {link}
          </b>
        ))}
      </span>
      {links.length === 0 && <span class="state">{leafName(state)}</span>}
      <span class="time">{duration(now - since)}</span>
    </button>
  );
}

function ProcessFacts({ process }: { readonly process: ProcessView }): VNode {
  const { role, pid, parent, session, group, state, last, engine } = process;
  return (
    <>
      <h3>
        {role} {pid}
      </h3>
      <p>
        in <b>{state}</b>
        {last?.event !== null && last !== undefined && (
          <>
            {' '}
            by <code>{last.event}</code>
          </>
        )}
      </p>
      <dl class="facts">
        <dt>parent</dt>
        <dd class="mono">{parent}</dd>
        <dt>session</dt>
        <dd class="mono">{session ?? '?'}</dd>
        <dt>group</dt>
        <dd class="mono">{group ?? '?'}</dd>
        <dt>engine</dt>
        <dd>{engine}</dd>
      </dl>
      {last !== undefined && <StepFacts step={last} />}
    </>
  );
}

/** By process the names of what runs between it and that one. */
function linksOf(descriptors: Descriptors, key: string | undefined): Map<string, string[]> {
  const links = new Map<string, string[]>();
  for (const { link, others = [] } of key === undefined ? [] : (descriptors[key] ?? [])) {
    for (const other of others) {
      const names = links.get(other) ?? [];
      if (link !== undefined && !names.includes(link)) links.set(other, [...names, link]);
    }
  }
  return links;
}
