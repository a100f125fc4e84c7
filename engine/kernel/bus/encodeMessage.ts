import { CodedError } from '../../contract/index.ts';
import { maxMessageBytes } from './limits.ts';

/** A message as JSON. @throws CodedError `request.tooLarge` */
export function encodeMessage(what: string, message: unknown): string {
  const text = JSON.stringify(message ?? null);
  const bytes = Buffer.byteLength(text);
  if (bytes <= maxMessageBytes) return text;
  throw new CodedError('request.tooLarge', `A message of ${what} has ${bytes} bytes; at most ${maxMessageBytes} can be sent.`, { details: { bytes, maxMessageBytes } });
}
