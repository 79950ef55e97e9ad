// Which of the topology's processes a process is.

import { processes } from '../../machines/topology';

/** The role of the child of a fork in that state of the chart; undefined: that of its parent. */
export const roleOfChild = (chart: string, state: string): string | undefined =>
  processes.find(({ origin }) => origin?.chart === chart && origin.states.includes(state))?.name;

/** A chart that several processes run one after the other begins with the first of them. */
export const roleAtStart = (chart: string): string =>
  processes.find((process) => process.chart === chart)?.name ?? chart;

/** A process that is met in the middle of its life has most likely become the last of them. */
export const roleInMidLife = (chart: string): string =>
  processes.findLast((process) => process.chart === chart)?.name ?? chart;

export const isRole = (name: string): boolean => processes.some((process) => process.name === name);

export const chartOfRole = (role: string): string | undefined =>
  processes.find(({ name }) => name === role)?.chart;
