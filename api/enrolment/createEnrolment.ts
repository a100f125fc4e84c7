import type { Clock, Database, JobQueue, Logger } from '#engine/kernel';
import { AccountStore } from '../accounts/AccountStore.ts';
import { CourseStore } from '../courses/CourseStore.ts';
import { EnrolmentStore } from '../courses/EnrolmentStore.ts';
import type { EnrolmentRow } from '../courses/EnrolmentStore.ts';
import { RemovalStore } from '../courses/RemovalStore.ts';
import { Admissions } from './Admissions.ts';
import { AdmissionSettings } from './AdmissionSettings.ts';
import { enrolmentNotices } from './enrolmentNotices.ts';
import { GroupStore } from './GroupStore.ts';
import { PendingAdmissions } from './PendingAdmissions.ts';
import { PendingStore } from './PendingStore.ts';
import { People } from './People.ts';
import { Requests } from './Requests.ts';
import { RequestStore } from './RequestStore.ts';
import { Rosters } from './roster/Rosters.ts';
import { RosterStore } from './roster/RosterStore.ts';
import { WaitingStore } from './WaitingStore.ts';

export interface EnrolmentOptions {
  database: Database;
  accounts?: AccountStore;
  jobs: Pick<JobQueue, 'add'>;
  /** Called for each person who is enrolled here, whatever the way in. */
  onEnrolled?: (enrolment: EnrolmentRow) => void;
  clock: Clock;
  logger: Logger;
}

export type Enrolment = ReturnType<typeof createEnrolment>;

/** The ways into courses, for the API and for the jobs. */
export function createEnrolment({ database, jobs, clock, logger, onEnrolled, accounts = new AccountStore(database) }: EnrolmentOptions) {
  const [enrolments, removals, courseStore] = [new EnrolmentStore(database), new RemovalStore(database), new CourseStore(database)];
  const waiting = new WaitingStore({ database, clock });
  const groups = new GroupStore(database);
  const requestStore = new RequestStore(database);
  const pendingStore = new PendingStore(database);
  const rosterStore = new RosterStore(database);
  const notices = enrolmentNotices({ database, jobs, clock, logger });
  const admissions = new Admissions({ settings: new AdmissionSettings(database), enrolments, waiting, removals, accounts, onMovedUp: notices.movedUp, clock, logger });
  if (onEnrolled) admissions.onEnrolled(onEnrolled);
  return {
    accounts,
    enrolments,
    removals,
    courseStore,
    waiting,
    groups,
    admissions,
    requestStore,
    requests: new Requests({ store: requestStore, courses: courseStore, enrolments, removals, admissions, clock, logger }),
    pendingStore,
    pending: new PendingAdmissions({ store: pendingStore, accounts, admissions, onInvited: notices.invited, logger }),
    people: new People({ accounts, enrolments }),
    rosterStore,
    rosters: new Rosters({ store: rosterStore, accounts, enrolments, removals, groups, jobs, clock, logger }),
    /** Removes what belongs to a course that is deleted. The enrolments are removed by the course. */
    forgetCourse: async (courseId: Parameters<Admissions['forget']>[0]) => {
      for (const store of [requestStore, pendingStore, groups, rosterStore]) await store.removeAll(courseId);
      await admissions.forget(courseId);
    },
  };
}
