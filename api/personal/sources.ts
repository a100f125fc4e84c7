import { accountPersonalData } from '../accounts/accountPersonalData.ts';
import { auditPersonalData } from '../audit/auditPersonalData.ts';
import { loginPersonalData } from '../accounts/loginPersonalData.ts';
import { addressChangePersonalData, linkPersonalData } from '../addresses/addressPersonalData.ts';
import { quizPersonalData } from '../quizzes/quizPersonalData.ts';
import { announcementPersonalData } from '../announcements/announcementPersonalData.ts';
import { commentPersonalData, mutedPersonalData, ratingPersonalData } from '../community/communityPersonalData.ts';
import { calendarPersonalData } from '../calendar/calendarPersonalData.ts';
import { progressPersonalData } from '../content/progressPersonalData.ts';
import { coursePersonalData } from '../courses/coursePersonalData.ts';
import { enrolmentPersonalData } from '../courses/enrolmentPersonalData.ts';
import { invitationPersonalData } from '../courses/invitationPersonalData.ts';
import { removalPersonalData } from '../courses/removalPersonalData.ts';
import { pendingPersonalData, requestPersonalData, rosterPersonalData, waitingPersonalData } from '../enrolment/enrolmentSources.ts';
import { factorPersonalData } from '../factors/factorPersonalData.ts';
import { identityPersonalData } from '../identities/identityPersonalData.ts';
import { eventPersonalData, lecturePersonalData } from '../lectures/lecturePersonalData.ts';
import { mailPersonalData } from '../mail/mailPersonalData.ts';
import { attendancePersonalData, watchedPersonalData } from '../progress/progressSources.ts';
import { sharingPersonalData } from '../sharing/sharingPersonalData.ts';
import { offerPersonalData } from '../ownership/offerPersonalData.ts';
import { seriesPersonalData } from '../schedule/seriesPersonalData.ts';
import { restorePersonalData } from '../storageClasses/restorePersonalData.ts';
import { accessTokenPersonalData } from '../tokens/accessTokenPersonalData.ts';
import { uploadPersonalData } from '../uploads/uploadPersonalData.ts';
import { webhookPersonalData } from '../webhooks/webhookPersonalData.ts';
import { exportPersonalData } from './exportPersonalData.ts';
import { PersonalData } from './PersonalData.ts';
import type { OpenPersonalSource, PersonalContext } from './PersonalSource.ts';

/** Each store that holds personal data. The erasure begins at the end; the account is erased last. */
const sources: readonly OpenPersonalSource[] = [
  accountPersonalData,
  loginPersonalData,
  sharingPersonalData,
  auditPersonalData,
  factorPersonalData,
  identityPersonalData,
  linkPersonalData,
  addressChangePersonalData,
  mailPersonalData,
  enrolmentPersonalData,
  removalPersonalData,
  invitationPersonalData,
  requestPersonalData,
  waitingPersonalData,
  pendingPersonalData,
  rosterPersonalData,
  coursePersonalData,
  offerPersonalData,
  lecturePersonalData,
  eventPersonalData,
  progressPersonalData,
  seriesPersonalData,
  calendarPersonalData,
  announcementPersonalData,
  commentPersonalData,
  ratingPersonalData,
  mutedPersonalData,
  quizPersonalData,
  attendancePersonalData,
  watchedPersonalData,
  restorePersonalData,
  accessTokenPersonalData,
  webhookPersonalData,
  uploadPersonalData,
  exportPersonalData,
];

/**
 * The collections that hold nothing about a person: no id of a user, no name, no address, no text that somebody wrote about
 * themselves. A collection that is neither here nor in a source fails a test.
 */
export const collectionsWithoutPersonalData: Readonly<Record<string, string>> = {
  cancelledLectures: 'titles and times of lectures that were cancelled',
  captions: 'text of the speech in videos, which belongs to the video; who wrote it is not stored',
  materials: 'titles, links and files of courses; who added them is not stored',
  materialUsage: 'how much the materials of courses store',
  quizzes: 'titles and settings of quizzes',
  quizQuestions: 'questions of quizzes and their right answers',
  quizMoments: 'seconds of videos at which questions are asked',
  discussions: 'rules of the discussions of courses',
  closedDiscussions: 'videos and lectures without comments',
  categories: 'names that administrators give to groups of courses',
  processes: 'the processes of the site',
  settings: 'settings of the site',
  recordingUsage: 'how much recordings store',
  courseUsage: 'how much courses store',
  classUsage: 'how much courses store in each storage class',
  sweeps: 'reports about objects of recordings and videos',
  storageDays: 'how much the site stored on a day',
  classMoves: 'videos that change their storage class',
  courseRetention: 'after how many days videos and chats of courses are deleted',
  plannedDeletions: 'videos that will be deleted, and when',
  courseAdmissions: 'capacities of courses',
  courseHolidays: 'dates without lectures',
  courseGroups: 'names of groups',
  heldLectures: 'lengths of lectures, and how many people were there',
  editLocks: 'paths of what is being changed, for some seconds',
  idempotentRequests: 'answers that only their client can open, for a day',
  initSegments: 'files of recordings',
  jobs: 'their data are ids of records; a job that concerns a person is found by the record',
  leases: 'which process owns which lecture',
  lecternCarried: 'marks of a copied database',
  nodes: 'the processes of the site',
  probes: 'written by the readiness check',
  recordings: 'lectures, courses and states',
  secrets: 'sealed keys of the site',
  usedTickets: 'random ids of steps that were taken, for some minutes',
  segments: 'files of recordings',
  streamKeys: 'hashed keys of courses',
  transcodes: 'which renditions of a video are being made',
  videos: 'titles and states of recordings',
};

export function openPersonalData(context: PersonalContext): PersonalData {
  return new PersonalData(sources.map((open) => open(context)));
}
