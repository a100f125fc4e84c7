import * as z from 'zod';
import { Instant, UserId } from '#engine/contract';
import { CourseDetail, CourseParams } from './courses.ts';
import { Person } from './people.ts';
import { nothing, route } from './route.ts';

/** A course that its owner has offered to another instructor, who has not accepted yet. */
export const OwnershipOffer = z.object({
  to: Person,
  isForYou: z.boolean(),
  createdAt: Instant,
  expiresAt: Instant,
});
export type OwnershipOffer = z.infer<typeof OwnershipOffer>;

const path = '/api/v1/courses/:courseId/ownership-offer';

/** How a course gets another owner: it is offered, and accepted. */
export const ownershipRoutes = {
  getOwnershipOffer: route({
    method: 'GET',
    path,
    params: CourseParams,
    response: z.object({ offer: OwnershipOffer.nullable().describe('Null without one, and for members whom it does not concern.') }),
    auth: 'user',
    summary: 'Get the open offer of a course to another instructor.',
  }),
  offerOwnership: route({
    method: 'POST',
    path,
    params: CourseParams,
    body: z.object({ userId: UserId.describe('A member of the course who is an instructor of the site.') }),
    response: z.object({ offer: OwnershipOffer }),
    status: 201,
    auth: 'user',
    summary: 'Offer a course to another instructor. An earlier offer ends.',
  }),
  withdrawOwnership: route({
    method: 'DELETE',
    path,
    params: CourseParams,
    response: nothing,
    status: 204,
    auth: 'user',
    summary: 'Withdraw the offer of a course.',
  }),
  acceptOwnership: route({
    method: 'POST',
    path: `${path}/accept`,
    params: CourseParams,
    response: CourseDetail,
    auth: 'instructor',
    summary: 'Accept a course that is offered to you: you become its owner, and the earlier owner an assistant. Its stream key is revoked.',
  }),
  declineOwnership: route({
    method: 'POST',
    path: `${path}/decline`,
    params: CourseParams,
    response: nothing,
    status: 204,
    auth: 'user',
    summary: 'Decline a course that is offered to you.',
  }),
};
