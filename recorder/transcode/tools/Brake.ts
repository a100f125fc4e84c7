/** What stops transcoding while live lectures need the machine. */
export interface Brake {
  readonly isOn: boolean;
  /** Resolves when it is off. Rejects with the reason of the abort. */
  whenOff(signal?: AbortSignal): Promise<void>;
  /** Stops and continues this process from now on. Returns what ends that. */
  govern(pid: number): () => void;
  close(): void;
}

/** For work that nobody has to wait for. */
export const noBrake: Brake = {
  isOn: false,
  whenOff: async (signal) => signal?.throwIfAborted(),
  govern: () => () => undefined,
  close: () => undefined,
};
