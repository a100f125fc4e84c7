import { CodedError } from '../../contract/index.ts';

export function ownerNotFound(address: string): CodedError {
  return new CodedError('owner.notFound', 'No server is in charge of this right now. Try again in a moment.', { details: { address } });
}

export function ownerTimedOut(address: string): CodedError {
  return new CodedError('owner.timedOut', 'The server in charge of this does not respond. Look whether it has happened before you try again.', { details: { address } });
}

export function busUnavailable(): CodedError {
  return new CodedError('bus.unavailable', 'The servers cannot reach one another right now. Try again in a moment.');
}
