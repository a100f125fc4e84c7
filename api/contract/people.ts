import * as z from 'zod';
import { ImageId, LectureId, UserId } from '#engine/contract';
import { maxAskedPeople } from './limits.ts';
import { route } from './route.ts';

/** What everybody in a course sees of another person: a name and a picture, and never an address. */
export const Person = z.object({
  userId: UserId,
  displayName: z.string(),
  avatarId: ImageId.nullable().describe('Null for a person without a picture.'),
});
export type Person = z.infer<typeof Person>;

const UserIds = z
  .string()
  .meta({ pattern: '^usr_[0-9a-hjkmnp-tv-z]{20}(,usr_[0-9a-hjkmnp-tv-z]{20})*$' })
  .transform((list) => list.split(','))
  .pipe(z.array(UserId).min(1).max(maxAskedPeople));

export const peopleRoutes = {
  listLecturePeople: route({
    method: 'GET',
    path: '/api/v1/lectures/:lectureId/people',
    params: z.object({ lectureId: LectureId }),
    query: z.object({ userIds: UserIds.describe(`Ids of users, separated by commas; at most ${maxAskedPeople}.`) }),
    response: z.object({ people: z.array(Person).describe('Those who are in the course of the lecture.') }),
    auth: 'user',
    summary: 'Get the names and pictures of people in the course of a lecture, such as those who wrote in its chat.',
  }),
};
