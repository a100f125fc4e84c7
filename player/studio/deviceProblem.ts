export type DeviceProblem = 'insecure' | 'denied' | 'missing' | 'busy' | 'overconstrained' | 'unsupported' | 'unknown';

/** Names of the DOMExceptions of getUserMedia and getDisplayMedia (Media Capture and Streams §10.2), with older names. */
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

/** The problem of a device, from the error that the browser threw. */
export function deviceProblemOf(error: unknown): DeviceProblem {
  if (!(error instanceof Error)) return 'unknown';
  return problemByName[error.name] ?? 'unknown';
}
