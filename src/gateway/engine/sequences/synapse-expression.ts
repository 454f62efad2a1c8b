import { type Expression, MediationError, type Message, type Value } from './message.js';
import { compileTree } from './synapse-expression-compiler.js';
import { parseSynapseExpression } from './synapse-expression-syntax.js';
import { anyText, asValue, EvaluationFailure, type Operand } from './synapse-expression-values.js';

const TEXTS_OUTSIDE_BRACKETS = /(?<!\[\s*)('(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*")/g;

/**
 * Compiles the inside of `${…}` (`reference/mediation.md` §7.3).
 *
 * | form | value |
 * |---|---|
 * | `payload`, `$`, then a JSONPath | the body, or a part of it; XML is seen as JSON, and as a whole it is the content of the SOAP body |
 * | `vars.n`, `headers.n`, `headers["X-Y"]`, `props.synapse.n`, `props.axis2.n`, `params.queryParams.n`, `params.pathParams.n` | what is held, then a JSONPath |
 * | `'text'`, `"text"`, `1.5`, `true`, `null`, `[1, 'a']` | literals |
 * | `? :`, `or`, `and`, `== !=`, `< <= > >=`, `+ -`, `* / %`, from the weakest; `\|\|`, `&&` too | operators; `+` joins where one side is a text |
 * | `name(…)` | a function of the reference; a path may follow |
 *
 * The text of a header, property or parameter that looks like a number is one. In filters of a path, what is held stands for its value:
 * `payload.users[?(@.age >= vars.least)]`. What is not there equals null, and otherwise fails.
 *
 * An expression that fails gives nothing, and a warning in the log that holds no data; only a body that is not what it says is a fault.
 *
 * @param namespaces for `xpath(…)`. @throws DefinitionError for a syntax error, an unknown function, a wrong number of arguments, a store that there is not.
 */
export const compileSynapseExpression = (source: string, namespaces: ReadonlyMap<string, string>): Expression => {
  const { usesPayload, run } = compileTree(parseSynapseExpression(source), namespaces);
  return new SynapseExpression(source.trim(), usesPayload, run);
};

class SynapseExpression implements Expression {
  constructor(
    private readonly source: string,
    readonly usesPayload: boolean,
    private readonly run: (message: Message) => Operand,
  ) {}

  value(message: Message): Value | null {
    return this.evaluated(message, asValue, null);
  }

  text(message: Message): string {
    return this.evaluated(message, anyText, '');
  }

  test(message: Message): boolean {
    return this.text(message) === 'true';
  }

  private evaluated<T>(message: Message, take: (value: Operand) => T, otherwise: T): T {
    try {
      return take(this.run(message));
    } catch (error) {
      if (error instanceof MediationError && error.code !== '0') throw error;
      // Texts may be secrets that were put into the policy.
      const shown = this.source.replace(TEXTS_OUTSIDE_BRACKETS, "'…'");
      const reason = error instanceof EvaluationFailure ? error.message : 'a part of it failed';
      message.log('warn', `the expression \${${shown}} gives nothing: ${reason}`);
      return otherwise;
    }
  }
}
