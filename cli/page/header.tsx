import type { Ref, VNode } from 'preact';
import type { Hello } from '../world/messages';
import type { View } from '../world/view';
import { count, fileName } from '../world/words';
import type { Theme } from './theme';
import { tipOn } from './tip';

interface Props {
  readonly hello: Hello;
  readonly view: View;
  readonly isConnected: boolean;
  readonly theme: Theme;
  readonly filterText: string;
  readonly filterField: Ref<HTMLInputElement>;
  readonly onFilter: (text: string) => void;
  readonly onTheme: () => void;
  readonly onHelp: () => void;
}

const themeSigns: Readonly<Record<Theme, string>> = { system: '◐', light: '○', dark: '●' };

export function Header(props: Props): VNode {
  const { hello, view, isConnected, theme, filterText, filterField } = props;
  const drops = view.drops > 0;
  return (
    <header class="header">
      <h1>
        prefork <span>{hello.mode === 'live' ? 'inspect' : 'replay'}</span>
      </h1>
      <span class={`pulse ${isConnected ? hello.mode : 'off'}`}>
        {!isConnected ? 'ended' : hello.mode === 'live' ? 'live' : fileName(hello.file ?? '')}
      </span>
      <span class="place mono">{hello.runDirectory}</span>
      <dl class="totals">
        <Total name="calls" one="call" value={view.finished + view.running.length} id="calls" />
        <Total name="running" value={view.running.length} id="running" />
        <Total name="records" value={view.records} id="records" />
        <div
          class={drops ? 'total warn' : 'total'}
          {...tipOn(() => (
            <p>
              Records that the kernel had no room for, counted by the gaps in what each process
              says. A process never waits for whoever watches it.
            </p>
          ))}
        >
          <dt>lost</dt>
          <dd id="drops">{count(view.drops)}</dd>
        </div>
      </dl>
      <input
        ref={filterField}
        class="filter"
        type="search"
        placeholder="Filter: script:greet actor:monitor"
        aria-label="Filter"
        spellcheck={false}
        value={filterText}
        onInput={(event) => props.onFilter(event.currentTarget.value)}
      />
      <button
        class="plain"
        onClick={props.onTheme}
        aria-label={`Colours: ${theme}`}
        title={`Colours: ${theme} (t)`}
      >
        {themeSigns[theme]}
      </button>
      <button class="plain" onClick={props.onHelp} aria-label="Help" title="Help (?)">
        ?
      </button>
    </header>
  );
}

interface TotalProps {
  readonly name: string;
  /** The name of a single one, where that is another word. */
  readonly one?: string;
  readonly value: number;
  readonly id: string;
}

function Total({ name, one = name, value, id }: TotalProps): VNode {
  return (
    <div class="total">
      <dt>{value === 1 ? one : name}</dt>
      <dd id={id}>{count(value)}</dd>
    </div>
  );
}
