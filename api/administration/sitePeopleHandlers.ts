import { UserId } from '#engine/contract';
import type { Handlers } from '../access/index.ts';
import { accountView } from '../accounts/AccountStore.ts';
import type { AccountRow, AccountStore } from '../accounts/AccountStore.ts';
import type { Logins } from '../accounts/Logins.ts';
import type { CalendarFeedStore } from '../calendar/index.ts';
import type { sitePeopleRoutes } from '../contract/index.ts';
import type { Courses } from '../courses/Courses.ts';
import { SitePeople } from './SitePeople.ts';

export interface SitePeopleHandlersOptions {
  accounts: AccountStore;
  logins: Logins;
  courses: Courses;
  feeds: Pick<CalendarFeedStore, 'removeAll'>;
}

export function sitePeopleHandlers({ accounts, logins, courses, feeds }: SitePeopleHandlersOptions): Handlers<keyof typeof sitePeopleRoutes> {
  const people = new SitePeople(accounts);
  return {
    listPeople: async ({ query }) => {
      const { rows, nextCursor } = await people.page(query);
      return { people: rows.map(personView), nextCursor };
    },
    getPerson: async ({ params: { userId } }) => {
      const account = await accounts.get(userId);
      const [mine, open] = await Promise.all([courses.ofUser({ userId, roles: account.roles }), logins.list(userId)]);
      return {
        ...personView(account),
        courses: mine.map(({ course, role }) => ({ id: course._id, title: course.title, role })),
        logins: open.map(({ _id, ...login }) => ({ id: _id, ...login })),
      };
    },
    signOutPerson: async ({ params: { userId } }) => {
      await accounts.get(userId);
      await logins.endAll(UserId.parse(userId));
      await feeds.removeAll(UserId.parse(userId));
      return null;
    },
  };
}

function personView(row: AccountRow) {
  return { ...accountView(row), lastSeenAt: row.lastSeenAt ?? null, isAddressVerified: typeof row.emailVerifiedAt === 'string' };
}
