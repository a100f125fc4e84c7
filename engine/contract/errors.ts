/**
 * The codes of all expected failures, `noun.adjective`. The compiler requires every code in the tables at the edges: its
 * HTTP status, its sentence, and whose sentence a person reads, the page's or the server's.
 */
export const errorCodes = [
  'request.invalid',
  'request.tooLarge',
  'request.tooFrequent',
  'route.unknown',
  'method.notAllowed',
  'idempotency.mismatch',
  'idempotency.running',
  'version.changed',
  'internal',
  'server.busy',
  'server.stopping',
  'auth.required',
  'auth.invalid',
  'auth.expired',
  'auth.reused',
  'credentials.wrong',
  'access.denied',
  'account.exists',
  'account.notFound',
  'account.deactivated',
  'account.lastAdmin',
  'link.invalid',
  'login.unconfirmed',
  'challenge.invalid',
  'secondFactor.required',
  'secondFactor.wrong',
  'secondFactor.exists',
  'secondFactor.notFound',
  'passkey.wrong',
  'passkey.exists',
  'passkey.notFound',
  'provider.notFound',
  'provider.unavailable',
  'provider.refused',
  'identity.rejected',
  'identity.unverified',
  'identity.exists',
  'identity.notFound',
  'identity.last',
  'setup.done',
  'setup.tokenWrong',
  'course.notFound',
  'course.codeWrong',
  'course.closed',
  'course.limitReached',
  'course.full',
  'course.approvalNeeded',
  'course.notPublished',
  'course.archived',
  'category.notFound',
  'category.exists',
  'invitation.invalid',
  'invitation.expired',
  'invitation.usedUp',
  'admission.notFound',
  'admission.declined',
  'group.exists',
  'group.notFound',
  'roster.unreadable',
  'roster.notFound',
  'enrolment.exists',
  'enrolment.removed',
  'enrolment.notFound',
  'lecture.notFound',
  'lecture.notLive',
  'lecture.alreadyLive',
  'lecture.ended',
  'lecture.busy',
  'lecture.full',
  'lecture.elsewhere',
  'lecture.overlapping',
  'series.notFound',
  'calendar.notFound',
  'announcement.notFound',
  'quiz.notFound',
  'quiz.notOpen',
  'quiz.closed',
  'quiz.empty',
  'attempt.notFound',
  'attempt.noneLeft',
  'attempt.handedIn',
  'attempt.open',
  'material.notFound',
  'material.notReady',
  'participant.notFound',
  'participant.removed',
  'participant.replaced',
  'participant.muted',
  'publication.notFound',
  'publication.refused',
  'subscription.notFound',
  'transport.notFound',
  'media.unsupported',
  'media.unavailable',
  'message.notFound',
  'chat.slow',
  'streamKey.wrong',
  'streamKey.notFound',
  'recording.notFound',
  'video.notFound',
  'video.notReady',
  'video.hidden',
  'accessToken.notFound',
  'webhook.notFound',
  'address.refused',
  'job.notFound',
  'job.refused',
  'settings.stale',
  'site.maintenance',
  'owner.notFound',
  'owner.timedOut',
  'bus.unavailable',
  'image.unsupported',
  'image.tooManyPixels',
  'image.notFound',
  'object.notFound',
  'object.corrupt',
  'store.unavailable',
  'database.unavailable',
  'disk.full',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

export interface CodedErrorOptions {
  cause?: unknown;
  /** Plain data for the caller. It may cross a wire, so it holds no secrets. */
  details?: Readonly<Record<string, unknown>>;
}

/** An expected failure. Any other error is a bug and crosses a wire as `internal`. */
export class CodedError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ErrorCode, message: string, options: CodedErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CodedError';
    this.code = code;
    this.details = options.details;
  }
}

export function isCoded(error: unknown, code?: ErrorCode): error is CodedError {
  return error instanceof CodedError && (code === undefined || error.code === code);
}
