import type { Handlers } from '../access/index.ts';
import { avatarIdOf, userIdOf } from '../accounts/AccountStore.ts';
import type { AccountRow, AccountStore } from '../accounts/AccountStore.ts';
import type { peopleRoutes, Person } from '../contract/index.ts';
import type { EnrolmentStore } from '../courses/EnrolmentStore.ts';

export interface PeopleHandlersOptions {
  accounts: AccountStore;
  enrolments: EnrolmentStore;
}

export function peopleHandlers({ accounts, enrolments }: PeopleHandlersOptions): Handlers<keyof typeof peopleRoutes> {
  return {
    listLecturePeople: async ({ query, course }) => {
      const members = await enrolments.among(course.courseId, query.userIds);
      const rows = await accounts.findMany(members);
      return { people: [...rows.values()].map(personView) };
    },
  };
}

/** What fellow students see of a person. */
export function personView(account: AccountRow): Person {
  return { userId: userIdOf(account), displayName: account.displayName, avatarId: avatarIdOf(account) };
}
