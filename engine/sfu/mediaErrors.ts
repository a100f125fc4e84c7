import { errors } from 'mediasoup';
import { CodedError } from '../contract/index.ts';

/** Sends a request to the worker and turns a failure into a CodedError. */
export async function requestFromWorker<T>(what: string, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (cause) {
    if (cause instanceof CodedError) throw cause;
    const detail = cause instanceof Error ? cause.message : String(cause);
    if (cause instanceof errors.UnsupportedError) throw new CodedError('media.unsupported', `This browser uses a format that is not supported here (${what}: ${detail}). Use a current Chrome, Edge, Firefox or Safari.`, { cause });
    if (cause instanceof errors.WorkerClosedError || cause instanceof errors.NotFoundError) throw new CodedError('media.unavailable', `${what}: it is closed`, { cause });
    throw new CodedError('request.invalid', `${what}: ${detail}`, { cause });
  }
}

export function trackClosed(): CodedError {
  return new CodedError('media.unavailable', 'This track is being connected again; try again in a moment.');
}
