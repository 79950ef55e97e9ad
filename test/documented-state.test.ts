// The documented diagrams of processes and descriptors against what the charts generate: nothing of them is
// missing, and what there is besides is named.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { recordsOf } from '../diagrams/render/course';
import { courses } from '../diagrams/render/courses';
import { labelOf } from '../diagrams/render/labels';
import { plumbingOf } from '../diagrams/render/plumbing';
import { topologies } from '../diagrams/render/topology';
import { causality, charts, duringService, holdings } from '../machines/index';
import { modelOf, type Model } from '../machines/model';
import { additions, documentedCauses, moreCauses, moreHoldings } from './documented/additions';
import { connections, leaders, monitorsOutputs, parentage, sequence } from './documented/state';

const courseNamed = (name: string) => {
  const course = courses.find((one) => one.name === name);
  assert.ok(course !== undefined, name);
  return course;
};

const modelNamed = (id: string): Model => {
  const chart = charts.find((one) => one.id === id);
  assert.ok(chart !== undefined, id);
  return modelOf(chart);
};

describe('the state during service execution', () => {
  const [view] = topologies;
  assert.ok(view !== undefined);
  for (const [name, parent] of Object.entries(parentage)) {
    test(`the parent of the ${name} is ${parent ?? 'none of these'}`, () => {
      const node = view.nodes.find((one) => one.name === name);
      assert.ok(node !== undefined);
      assert.equal(node.parent, parent);
      assert.equal(node.leads, leaders[name] ?? null);
    });
  }
  for (const { label, ends } of connections) {
    test(`${label}: ${ends.map(([name]) => name).join(', ')}`, () => {
      const found = duringService.connections.find((one) => one.label === label);
      assert.ok(found !== undefined);
      for (const [name, numbers] of ends) {
        const end = found.ends.find((one) => one?.process === name);
        assert.ok(end, name);
        for (const number of numbers) assert.ok(end.descriptors?.includes(number), String(number));
      }
    });
  }
  test('the first monitor’s outputs are the caller’s standard error', () => {
    const holding = holdings.find(
      ({ process, what }) => process === 'monitor' && what === 'standardError',
    );
    assert.deepEqual([holding?.descriptors, holding?.call], [monitorsOutputs, 'first']);
  });
  test('nobody else is there', () => {
    const names = view.nodes.map(({ name }) => name).filter((name) => name !== 'caller');
    assert.deepEqual(names.sort(), Object.keys(parentage).sort());
    const labels = duringService.connections.map(({ label }) => label);
    assert.deepEqual(labels.sort(), connections.map(({ label }) => label).sort());
  });
});

describe('the sequence of descriptor plumbing', () => {
  for (const { course, process, step, placed, holds, lacks } of sequence) {
    test(`${process}, ${course}: ${step ?? 'in the end'}`, () => {
      const rows = plumbingOf(recordsOf(courseNamed(course))).filter(
        (row) => row.process === process,
      );
      const row = step === undefined ? rows.at(-1) : rows.find((one) => one.step === step);
      assert.ok(row !== undefined);
      assert.deepEqual(row.table.placed, placed);
      for (const file of holds) assert.ok(row.table.others.includes(file), file);
      for (const file of lacks) assert.ok(!row.table.others.includes(file), file);
    });
  }
});

describe('what the charts have besides', () => {
  const ids = ['client', 'watcher', 'server', 'standby', 'monitor', 'understudy', 'executor'];
  for (const id of ids) {
    test(`states of the ${id} are named with a reason`, () => {
      const model = modelNamed(id);
      const more = model.states.filter((state) => !labelOf(model, state).documented);
      const named = Object.values(additions).flatMap((byChart) => byChart[id] ?? []);
      assert.deepEqual(more.map(({ path }) => path).sort(), [...named].sort());
    });
  }
  test('all that is a failure is named as one, or as escalation, or where there is no server', () => {
    const reasons = Object.entries(additions)
      .filter(([reason]) => /failures|without a server|escalation/.test(reason))
      .map(([, byChart]) => byChart);
    for (const id of ids) {
      const model = modelNamed(id);
      for (const state of model.states.filter(({ failure }) => failure)) {
        if (labelOf(model, state).documented) continue;
        assert.ok(
          reasons.some((byChart) => byChart[id]?.includes(state.path)),
          state.path,
        );
      }
    }
  });
  test('causes', () => {
    const descriptions = new Set(causality.map(({ description }) => description));
    assert.deepEqual([...descriptions].sort(), [...documentedCauses, ...moreCauses].sort());
  });
  test('descriptors', () => {
    const documented = ['null', 'standardError', 'syslog'];
    const more = duringService.holdings.filter(({ what }) => !documented.includes(what));
    assert.deepEqual(
      more.map(({ process, what }) => `${process} ${what}`),
      moreHoldings,
    );
  });
});
