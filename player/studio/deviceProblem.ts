export type DeviceProblem = 'insecure' | 'denied' | 'missing' | 'busy' | 'overconstrained' | 'unsupported' | 'unknown';

/** Names of the DOMExceptions of getUserMedia and getDisplayMedia (Media Capture and Streams §10.2), older ones too. */
const problemByName: Record<string, DeviceProblem> = {
  NotAllowedError: 'denied',
  SecurityError: 'denied',
  NotFoundError: 'missing',
  DevicesNotFoundError: 'missing',
  NotReadableError: 'busy',
  TrackStartError: 'busy',
  AbortError: 'busy',
  OverconstrainedError: 'overconstrained',
  NotSupportedError: 'unsupported',
  TypeError: 'unsupported',
};

/** What is wrong with a device, from what the browser threw. */
export function deviceProblemOf(error: unknown): DeviceProblem {
  if (!(error instanceof Error)) return 'unknown';
  return problemByName[error.name] ?? 'unknown';
}
