interface SetupContext {
  root: string;
  env: NodeJS.ProcessEnv;
}

export const playerBuild: {
  /** What is missing, in a few words; undefined when the pages are up to date. */
  missing(context: SetupContext): string | undefined;
  provide(context: SetupContext): Promise<void>;
};
