import { isCoded } from '#engine/contract';
import { newId } from '#engine/kernel';
import type { Logger } from '#engine/kernel';
import type { AckError } from './contract/index.ts';

/** The error of an acknowledgement: code and sentence of an expected failure, an incident id for a bug, which is logged. */
export function ackError(error: unknown, request: string, logger: Logger): AckError {
  if (isCoded(error)) {
    const retryAfterMs = error.details?.retryAfterMs;
    return { code: error.code, message: error.message, ...(typeof retryAfterMs === 'number' && { retryAfterMs }) };
  }
  const incidentId = newId('inc');
  logger.error({ err: error, request, incidentId }, 'request.failed');
  return { code: 'internal', message: `Something went wrong on the server (${incidentId}).`, incidentId };
}
