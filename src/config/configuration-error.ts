/** One thing that is wrong with the environment. `repair` says what to do and never quotes a value: it may be a secret. */
export interface ConfigurationProblem {
  readonly variable: string;
  readonly repair: string;
}

/** The environment cannot be used. The message lists every problem with its repair, for the person who starts the service. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(readonly problems: readonly ConfigurationProblem[]) {
    const lines = problems.map(({ variable, repair }) => `  ${variable} ${repair}`);
    super(
      `The configuration cannot be used. Mend these environment variables and start again:\n${lines.join('\n')}`,
    );
  }
}
