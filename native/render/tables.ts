import type { Model } from '../../machines/model';
import { array, enumeration, enumerator, header, indented, literal, methodName } from './cpp';
import { layoutOf, none, type BranchNumbers } from './layout';

/** The C++ header of one chart, to be included as `charts/<id>.h`. */
export const renderTables = (model: Model): string =>
  header(
    `charts/${model.id}.h`,
    model.description,
    `#include <array>
#include <cstddef>

#include "charts/becomes.h"
#include "engine/chart.h"
#include "engine/interpreter.h"
#include "engine/machine.h"

namespace prefork::charts::${model.id} {

${enumerations(model)}
namespace tables {

${constants(model)}
}  // namespace tables

${chart(model)}
${endings}
${effects(model)}
}  // namespace prefork::charts::${model.id}
`,
  );

/** The C++ header of the roles that the charts' processes take on, `charts/becomes.h`. */
export const renderBecomes = (models: readonly Model[]): string => {
  const roles = models.flatMap(({ states }) => states.flatMap(({ becomes }) => becomes ?? []));
  const names = ['nothing', ...[...new Set(roles)].sort()];
  return header(
    'charts/becomes.h',
    'What a process may become when the chart that it runs has ended.',
    `namespace prefork::charts {

enum class Becomes {
${indented(names.map((name) => `${enumerator(name)},`))}};

}  // namespace prefork::charts
`,
  );
};

const enumerations = (model: Model): string =>
  [
    enumeration(
      'State',
      model.states.map(({ path }) => path),
    ),
    enumeration('Event', model.events),
    enumeration('Action', model.actions),
    enumeration('Guard', model.guards),
  ].join('\n');

const constants = (model: Model): string => {
  const layout = layoutOf(model);
  const states = model.states.map(
    ({ path, description, final, failure, becomes, exitStatus }) =>
      `{${literal(path)}, ${literal(description)}, ${final}, ${failure}, ` +
      `${becomes === null ? 'nullptr' : literal(becomes)}, ${exitStatus ?? -1}}`,
  );
  const row = (piece: readonly number[]): string => `{${piece.join(', ')}}`;
  // One line a state: a change of a state changes one line.
  const rows = model.states.map(({ path }, index) => {
    const from = index * model.events.length;
    return `// ${path}\n  ${layout.rows
      .slice(from, from + model.events.length)
      .map(row)
      .join(', ')}`;
  });
  return [
    array('engine::State', 'kStates', states),
    array('const char*', 'kEventNames', model.events.map(literal)),
    array('const char*', 'kActionNames', model.actions.map(literal)),
    array('const char*', 'kGuardNames', model.guards.map(literal)),
    array('engine::Index', 'kActions', layout.actions.map(String)),
    array('engine::Branch', 'kBranches', layout.branches.map(branch)),
    array('engine::Row', 'kRows', rows, layout.rows.length),
    array('engine::Row', 'kEventless', layout.eventless.map(row)),
    array(
      'Becomes',
      'kBecomes',
      model.states.map((state) => becomes(state.becomes)),
    ),
  ].join('\n');
};

const branch = ([guard, from, to, target, rounds]: BranchNumbers): string => {
  const index = (number: number): string => (number === none ? 'engine::kNone' : String(number));
  return `{${index(guard)}, ${from}, ${to}, ${index(target)}, ${rounds}}`;
};

const becomes = (role: string | null): string => `Becomes::${enumerator(role ?? 'nothing')}`;

const chart = (model: Model): string => `inline constexpr engine::Chart kChart{
${indented([
  `.id = ${literal(model.id)},`,
  '.states = tables::kStates,',
  '.event_names = tables::kEventNames,',
  '.action_names = tables::kActionNames,',
  '.guard_names = tables::kGuardNames,',
  '.rows = tables::kRows,',
  '.eventless = tables::kEventless,',
  '.branches = tables::kBranches,',
  '.actions = tables::kActions,',
  `.initial = ${branch(layoutOf(model).initial)},`,
])}};
`;

const endings = `// The role that a process takes on in this final state.
constexpr Becomes becomes(State state) { return tables::kBecomes[static_cast<std::size_t>(state)]; }

// The status with which a process exits in this final state; -1 where the chart names none.
constexpr int exit_status(State state) {
  return tables::kStates[static_cast<std::size_t>(state)].exit_status;
}
`;

const effects = (
  model: Model,
): string => `// Base of the actor: a method for each action and guard, and the machine that calls them.
class Effects : public engine::Host {
 public:
  Effects(const Effects&) = delete;
  Effects& operator=(const Effects&) = delete;

  static constexpr const engine::Chart& chart() { return kChart; }

  // Has another machine than the tables' run the chart; before start().
  void run_by(engine::Machine& machine) { machine_ = &machine; }
  engine::Machine& machine() { return *machine_; }

  // Enters the chart's initial state; once.
  void start() { machine_->start(); }

  // Takes the event, or keeps it until the step that is running is complete.
  void post(Event event) { machine_->send(static_cast<engine::Index>(event)); }

  // The leaf that the last step reached; not before start().
  State state() const { return static_cast<State>(machine_->state()); }

  bool done() const { return machine_->done(); }

  void perform([[maybe_unused]] engine::Index action) final {
${dispatch('Action', 'action', model.actions, '')}  }

  bool test([[maybe_unused]] engine::Index guard) final {
${dispatch('Guard', 'guard', model.guards, 'false')}  }

 protected:
  Effects() = default;
  ~Effects() = default;

 private:
${methods('void', model.actions)}${methods('bool', model.guards)}  engine::Interpreter interpreter_{kChart, *this};
  engine::Machine* machine_ = &interpreter_;
};
`;

const methods = (type: string, names: readonly string[]): string =>
  names.length === 0
    ? ''
    : `${indented(names.map((name) => `virtual ${type} ${methodName(name)}() = 0;`))}\n`;

/** A switch from an index to the method of that name; `otherwise` is what cannot happen. */
const dispatch = (
  type: string,
  value: string,
  names: readonly string[],
  otherwise: string,
): string => {
  const ending = otherwise === '' ? [] : [`return ${otherwise};`];
  if (names.length === 0) return indented(ending, 2);
  const cases = names.flatMap((name) => [
    `case ${type}::${enumerator(name)}:`,
    `  return ${methodName(name)}();`,
  ]);
  return [
    indented([`switch (static_cast<${type}>(${value})) {`], 2),
    indented(cases, 3),
    indented(['}', ...ending], 2),
  ].join('');
};
