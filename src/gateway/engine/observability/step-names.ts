/** A step of a pipeline or a flow, whatever it takes. */
type Step = (...parts: never[]) => unknown;

const NAMES = new WeakMap<Step, string>();

/** Gives a step the name under which traces and explanations know it. */
export const named = <S extends Step>(name: string, step: S): S => {
  NAMES.set(step, name);
  return step;
};

export const nameOf = (step: Step): string => NAMES.get(step) ?? 'step';
