import type { UserId } from '#engine/contract';
import type { Handlers } from '../access/index.ts';
import { avatarIdOf, userIdOf } from '../accounts/AccountStore.ts';
import type { ownershipRoutes } from '../contract/index.ts';
import type { Courses } from '../courses/Courses.ts';
import type { CourseViews } from '../courses/CourseViews.ts';
import { OfferStore } from './OfferStore.ts';
import { Ownership } from './Ownership.ts';
import type { OwnershipOptions, SeenOffer } from './Ownership.ts';

export interface OwnershipHandlersOptions extends Omit<OwnershipOptions, 'store'> {
  database: ConstructorParameters<typeof OfferStore>[0];
  courses: Courses;
  views: CourseViews;
}

export function ownershipHandlers({ database, views, ...options }: OwnershipHandlersOptions): Handlers<keyof typeof ownershipRoutes> {
  const ownership = new Ownership({ ...options, store: new OfferStore(database) });
  return {
    getOwnershipOffer: async ({ params: { courseId }, caller }) => {
      const [seen, { role }] = await Promise.all([ownership.offerOf(courseId), options.courses.getFor(courseId, caller)]);
      const isShown = seen && (seen.to._id === caller.userId || role === 'owner' || caller.roles.includes('admin'));
      return { offer: isShown ? offerView(seen, caller.userId) : null };
    },
    offerOwnership: async ({ params: { courseId }, body, caller }) => ({ offer: offerView(await ownership.offer(courseId, { from: caller.userId, to: body.userId }), caller.userId) }),
    withdrawOwnership: async ({ params }) => {
      await ownership.withdraw(params.courseId);
      return null;
    },
    acceptOwnership: async ({ params: { courseId }, caller }) => {
      await ownership.accept(courseId, caller);
      return views.detail({ ...(await options.courses.getFor(courseId, caller)), userId: caller.userId });
    },
    declineOwnership: async ({ params, caller }) => {
      await ownership.decline(params.courseId, caller.userId);
      return null;
    },
  };
}

function offerView({ offer: { createdAt, expiresAt }, to }: SeenOffer, userId: UserId) {
  return { to: { userId: userIdOf(to), displayName: to.displayName, avatarId: avatarIdOf(to) }, isForYou: to._id === userId, createdAt, expiresAt };
}
