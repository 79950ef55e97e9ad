/** All diagrams: of the charts in general, or of a run. */

import type { Chart } from '../../machines/chart';
import { charts, containerCharts } from '../../machines/index';
import { modelOf, type Model } from '../../machines/model';
import type { ActorRecord } from '../../runtime/trace/record';
import { recordsOf } from './course';
import { courses } from './courses';
import { plumbingOf } from './plumbing';
import { plumbingSvg } from './plumbing-svg';
import { plumbingText } from './plumbing-text';
import { statechartDot } from './statechart-dot';
import { statechartMermaid } from './statechart-mermaid';
import { statechartScxml } from './statechart-scxml';
import { statechartText } from './statechart-text';
import { storyMermaid } from './story-mermaid';
import { storySvg } from './story-svg';
import { storyText } from './story-text';
import { storyOf, type Heading } from './teller';
import { topologies, topologyOfRun, type TopologyView } from './topology';
import { topologyDot, topologyMermaid } from './topology-dot';
import { topologySvg } from './topology-svg';
import { topologyText } from './topology-text';
import { fadeUnvisited, visitsOf } from './visits';

const allCharts = [...charts, ...containerCharts];

/** How the name of a file ends, by its format. */
export const endings = {
  svg: 'svg',
  mermaid: 'mmd',
  dot: 'dot',
  scxml: 'scxml',
  text: 'txt',
} as const;

export type Format = keyof typeof endings;

export interface Diagram {
  /** Also of its files. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly shows: 'statechart' | 'topology' | 'causality' | 'plumbing';
  /** Only the formats that it can be drawn in. */
  readonly formats: Readonly<Partial<Record<Format, () => string | Promise<string>>>>;
}

/** The drawing of a chart: what lays it out is not for every place. */
export type ChartDrawing = (model: Model) => string | Promise<string>;

/** The charts and their courses as they are in general. */
export const generalDiagrams = (drawChart: ChartDrawing): readonly Diagram[] => [
  ...allCharts.map((chart) => statechart(chart, drawChart)),
  ...topologies.map(topology),
  ...courses.map((course) =>
    causality(`causality-${course.name}`, { ...course, recorded: false }, recordsOf(course)),
  ),
  ...courses
    .filter(({ name }) => name.endsWith('-call'))
    .map((course) =>
      plumbing(`plumbing-${course.name}`, { ...course, recorded: false }, recordsOf(course)),
    ),
];

/** What has happened in a run: in which states it was, and the same diagrams with its processes. */
export const runDiagrams = (
  records: readonly ActorRecord[],
  drawChart: ChartDrawing,
): readonly Diagram[] => {
  const inOrder = records.toSorted((one, other) => one.t - other.t);
  const heading = {
    title: 'A recorded run',
    description: 'Every process that has told of itself.',
    recorded: true,
  };
  const view = topologyOfRun(inOrder);
  return [
    ...allCharts.map((chart) => statechart(chart, drawChart, inOrder)),
    ...(view === undefined ? [] : [topology(view)]),
    causality('causality', heading, inOrder),
    plumbing('plumbing', heading, inOrder),
  ];
};

const statechart = (
  chart: Chart,
  drawChart: ChartDrawing,
  records?: readonly ActorRecord[],
): Diagram => {
  const model = modelOf(chart);
  const visits = records === undefined ? undefined : visitsOf(model, records);
  return {
    name: chart.id,
    title: `The chart of the ${chart.id}`,
    description: chart.description,
    shows: 'statechart',
    formats: {
      svg: async () => {
        const svg = await drawChart(model);
        return visits === undefined ? svg : fadeUnvisited(svg, model, visits);
      },
      mermaid: () => statechartMermaid(model, visits),
      dot: () => statechartDot(model, visits),
      scxml: () => statechartScxml(model),
      text: () => statechartText(model, visits),
    },
  };
};

const topology = (view: TopologyView): Diagram => ({
  name: view.name,
  title: view.title,
  description: view.description,
  shows: 'topology',
  formats: {
    svg: () => topologySvg(view),
    mermaid: () => topologyMermaid(view),
    dot: () => topologyDot(view),
    text: () => topologyText(view),
  },
});

const causality = (name: string, heading: Heading, records: readonly ActorRecord[]): Diagram => {
  const story = storyOf(heading, records);
  return {
    ...{ name, title: heading.title, description: heading.description, shows: 'causality' },
    formats: {
      svg: () => storySvg(story),
      mermaid: () => storyMermaid(story),
      text: () => storyText(story),
    },
  };
};

const plumbing = (name: string, heading: Heading, records: readonly ActorRecord[]): Diagram => {
  const rows = plumbingOf(records);
  return {
    ...{ name, title: heading.title, description: heading.description, shows: 'plumbing' },
    formats: {
      svg: () => plumbingSvg(heading, rows),
      text: () => plumbingText(heading, rows),
    },
  };
};
