import type { ErrorCode } from '#engine/contract';

export interface HttpProblem {
  status: number;
  /** Short and without details of the case (RFC 9457 §3.1.4). */
  title: string;
  /** Sent as `Retry-After` where the failure does not say how long it lasts. */
  retryAfterSeconds?: number;
}

/** The HTTP response for each error code, on every path of the web server. A code that is missing here does not compile. */
export const problemTable = {
  'request.invalid': { status: 400, title: 'Something in the request is not right' },
  'request.tooLarge': { status: 413, title: 'The request is too large' },
  'request.tooFrequent': { status: 429, title: 'Too many requests' },
  'route.unknown': { status: 404, title: 'There is nothing here' },
  internal: { status: 500, title: 'Something went wrong on the server' },
  'server.busy': { status: 503, title: 'The server is busy' },
  'server.stopping': { status: 503, title: 'The server is stopping' },
  'auth.required': { status: 401, title: 'You are not logged in' },
  'auth.invalid': { status: 401, title: 'You are not logged in any more' },
  'auth.expired': { status: 401, title: 'Your login has expired' },
  'auth.reused': { status: 401, title: 'Your login was ended to be safe' },
  'credentials.wrong': { status: 401, title: 'That was not right' },
  'access.denied': { status: 403, title: 'You may not do that' },
  'account.exists': { status: 409, title: 'There is such an account already' },
  'account.notFound': { status: 404, title: 'There is no such account' },
  'account.deactivated': { status: 403, title: 'The account is deactivated' },
  'account.lastAdmin': { status: 409, title: 'There has to be an administrator' },
  'setup.done': { status: 409, title: 'Lectern is set up already' },
  'setup.tokenWrong': { status: 403, title: 'The set-up link is not valid' },
  'course.notFound': { status: 404, title: 'There is no such course' },
  'course.codeWrong': { status: 403, title: 'The course code is wrong' },
  'course.closed': { status: 403, title: 'The course is closed' },
  'invitation.invalid': { status: 403, title: 'The invitation is not valid' },
  'enrolment.removed': { status: 403, title: 'You were removed from the course' },
  'enrolment.exists': { status: 409, title: 'Enrolled already' },
  'enrolment.notFound': { status: 404, title: 'Not enrolled' },
  'lecture.notFound': { status: 404, title: 'There is no such lecture' },
  'lecture.notLive': { status: 409, title: 'The lecture is not live' },
  'lecture.alreadyLive': { status: 409, title: 'The lecture is live already' },
  'lecture.ended': { status: 409, title: 'The lecture has ended' },
  'lecture.busy': { status: 503, title: 'The lecture is being changed' },
  'lecture.full': { status: 503, title: 'The lecture is full' },
  'lecture.elsewhere': { status: 503, title: 'The lecture is on another server' },
  'participant.notFound': { status: 404, title: 'This person is not in the room' },
  'participant.removed': { status: 403, title: 'You were removed from the lecture' },
  'participant.replaced': { status: 409, title: 'Another connection took over' },
  'participant.muted': { status: 403, title: 'You are muted' },
  'publication.notFound': { status: 404, title: 'This source is gone' },
  'publication.refused': { status: 409, title: 'This source cannot be published' },
  'subscription.notFound': { status: 404, title: 'This source is not subscribed to' },
  'transport.notFound': { status: 404, title: 'This media connection is gone' },
  'media.unsupported': { status: 415, title: 'This kind of media is not supported' },
  'media.unavailable': { status: 503, title: 'The media server is not available', retryAfterSeconds: 2 },
  'message.notFound': { status: 404, title: 'There is no such message' },
  'chat.slow': { status: 429, title: 'The chat is in slow mode' },
  'streamKey.wrong': { status: 403, title: 'The stream key is wrong' },
  'streamKey.notFound': { status: 404, title: 'There is no stream key' },
  'recording.notFound': { status: 404, title: 'There is no such recording' },
  'video.notFound': { status: 404, title: 'There is no such video' },
  'video.notReady': { status: 409, title: 'The video cannot be played yet' },
  'job.notFound': { status: 404, title: 'There is no such job' },
  'job.refused': { status: 409, title: 'The job is not in a state for this' },
  'owner.notFound': { status: 503, title: 'No server is in charge of this', retryAfterSeconds: 2 },
  'owner.timedOut': { status: 504, title: 'The server in charge does not respond', retryAfterSeconds: 2 },
  'bus.unavailable': { status: 503, title: 'The servers cannot reach one another', retryAfterSeconds: 2 },
  'object.notFound': { status: 404, title: 'There is no such file' },
  // A client retries a 5xx; a damaged file stays damaged.
  'object.corrupt': { status: 404, title: 'A stored file is damaged' },
  'store.unavailable': { status: 503, title: 'The object store does not answer', retryAfterSeconds: 2 },
  'database.unavailable': { status: 503, title: 'The database does not answer', retryAfterSeconds: 2 },
  'disk.full': { status: 507, title: 'The disk of the server is full' },
} as const satisfies Record<ErrorCode, HttpProblem>;
