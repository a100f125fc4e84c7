import { AccessPolicy } from '#engine';
import type { UserId } from '#engine/contract';
import { Gatekeeper, MacKeys } from './access/index.ts';
import type { Handlers } from './access/index.ts';
import { accountHandlers, setupHandlers } from './accounts/accountHandlers.ts';
import { Accounts } from './accounts/Accounts.ts';
import { AccountStore } from './accounts/AccountStore.ts';
import { FirstAccount } from './accounts/FirstAccount.ts';
import { Logins } from './accounts/Logins.ts';
import { createAddresses } from './addresses/createAddresses.ts';
import { administrationHandlers } from './administration/administrationHandlers.ts';
import { communityParts } from './community/openCommunity.ts';
import { DatabaseAuditLog } from './audit/index.ts';
import { ProgressStore } from './content/ProgressStore.ts';
import { VideoViews } from './content/VideoViews.ts';
import { WatchedVideos } from './content/WatchedVideos.ts';
import { ActiveCourseRoles } from './courses/ActiveCourseRoles.ts';
import { Categories } from './courses/Categories.ts';
import { categoryHandlers } from './courses/categoryHandlers.ts';
import { CategoryStore } from './courses/CategoryStore.ts';
import { CourseCovers } from './courses/CourseCovers.ts';
import { courseHandlers } from './courses/courseHandlers.ts';
import { CourseLife } from './courses/CourseLife.ts';
import { courseLifeHandlers } from './courses/courseLifeHandlers.ts';
import { courseListHandlers } from './courses/courseListHandlers.ts';
import { CourseLists } from './courses/CourseLists.ts';
import { Courses } from './courses/Courses.ts';
import { CourseSearch } from './courses/CourseSearch.ts';
import { CourseViews } from './courses/CourseViews.ts';
import { invitationHandlers } from './courses/invitationHandlers.ts';
import { Invitations } from './courses/Invitations.ts';
import { InvitationStore } from './courses/InvitationStore.ts';
import { Members } from './courses/Members.ts';
import { createEnrolment, enrolmentHandlers, rosterHandlers } from './enrolment/index.ts';
import { ImageConverter } from './images/ImageConverter.ts';
import { imageHandlers } from './images/imageHandlers.ts';
import { Images } from './images/Images.ts';
import { homeHandlers } from './home/homeHandlers.ts';
import { createSignIn } from './identities/createSignIn.ts';
import { ownershipHandlers } from './ownership/ownershipHandlers.ts';
import { peopleHandlers } from './people/peopleHandlers.ts';
import { learningParts, planningParts } from './learningParts.ts';
import { lectureHandlers } from './lectures/lectureHandlers.ts';
import { LectureViews } from './lectures/LectureViews.ts';
import { liveHandlers } from './live/liveHandlers.ts';
import { reportEnrolments } from './webhooks/reportEnrolments.ts';
import { accessTokenHandlers } from './tokens/accessTokenHandlers.ts';
import { AccessTokens } from './tokens/AccessTokens.ts';
import { AccessTokenStore } from './tokens/AccessTokenStore.ts';
import { exportHandlers } from './personal/exportHandlers.ts';
import { Exports } from './personal/Exports.ts';
import { ExportStore } from './personal/ExportStore.ts';
import { videoParts } from './videoParts.ts';
import type { ApiOptions } from './ApiOptions.ts';

/** The parts behind the routes, and the handlers of all routes. */
export async function createParts(options: ApiOptions, isStopping: () => boolean) {
  const { config, database, tokens, clock, logger, directory, plans, videoCatalog, streamKeys, signalingPathOf, settings } = options;
  const [store, progress, audit] = [new AccountStore(database), new ProgressStore(database), new DatabaseAuditLog({ database, clock, logger })];
  const stopFollowing = await store.follow(options.bus);
  const refreshKeys = new MacKeys(options.refreshSecrets);
  const firstAccount = await FirstAccount.open({ accounts: store, keys: refreshKeys, limiters: options.limiters });
  const enrolment = createEnrolment({ database, accounts: store, jobs: options.jobQueue, onEnrolled: reportEnrolments(options.webhooks, logger), clock, logger });
  const onVerified = (userId: UserId) => enrolment.pending.tryToClaim(userId);
  const logins = new Logins({ store: options.logins, accounts: store, tokens, refreshKeys, settings, onOpened: onVerified, clock, logger });
  const { enrolments, courseStore, removals, admissions, waiting } = enrolment;
  const [invitationStore, courseRoles] = [new InvitationStore(database), new ActiveCourseRoles({ accounts: store, courses: courseStore, enrolments, removals })];
  const policy = new AccessPolicy({ courseRoles, lectures: directory });
  const [search, categories] = [new CourseSearch(database), new Categories({ store: new CategoryStore(database), courses: courseStore, logger })];
  const courses = new Courses({ courses: courseStore, search, categories, enrolments, waiting, accounts: store, directory, streamKeys, settings, clock, logger });
  const members = new Members({ courses: courseStore, enrolments, removals, accounts: store, admissions, directory, clock, logger });
  const invitations = new Invitations({ store: invitationStore, members, policy, clock, logger });
  const [accounts, lectureViews] = [new Accounts({ store, logins, rights: courses, clock, logger, passwordCost: options.passwordCost }), new LectureViews(directory, videoCatalog)];
  const videoViews = new VideoViews({ videoCatalog, tokens, clock, lifetimeSeconds: options.playbackLifetimeSeconds });
  const courseViews = new CourseViews({ courses, categories, members, lectures: lectureViews, clock });
  const watched = new WatchedVideos({ progress, videoCatalog, views: videoViews, courses: courseStore, policy });
  const { addresses, mails, handlers: address } = createAddresses({ ...options, accounts, store, logins, jobs: options.jobQueue, onVerified });
  const exports = new Exports({ store: new ExportStore(database), objects: options.objects, jobs: options.jobQueue, tokens, logins: options.logins, clock, logger });
  const { secondFactor, handlers: signIn } = createSignIn({ ...options, audit, accounts, accountStore: store, logins, enrol: (grant, userId) => members.grant(grant, userId), onVerified });
  const images = new Images({ files: options.imageFiles, converter: new ImageConverter(logger), logger });
  const [accessTokens, covers] = [new AccessTokens({ store: new AccessTokenStore(database), accounts: store, logins: options.logins, clock, logger }), new CourseCovers({ store: courseStore, images, clock })];
  const learningOptions = { database, plans, directory, courseStore, enrolments, accounts: store, videoCatalog, limiters: options.limiters, clock };
  const planning = planningParts(learningOptions);
  const learning = learningParts(learningOptions, { planning, courses, views: lectureViews, policy });
  const accountOptions = { accounts, store, logins, images, firstAccount, secondFactor, addresses, notices: mails, settings };
  const videos = videoParts(options, { views: videoViews, progress, ranges: learning.watched, courses, courseStore, categories, policy });
  const handlers: Handlers = {
    ...setupHandlers(accountOptions),
    ...accountHandlers(accountOptions),
    ...signIn,
    ...administrationHandlers(options, { audit, store, logins, courses, courseStore, isStopping }),
    ...accessTokenHandlers({ accessTokens }),
    ...courseHandlers({ courses, members, people: enrolment.people, views: courseViews, streamKeys, schedule: planning.series }),
    ...address,
    ...exportHandlers({ exports }),
    ...courseListHandlers({ courses, lists: new CourseLists({ courses, store: courseStore, search, categories }), views: courseViews }),
    ...courseLifeHandlers({ courses, covers, life: new CourseLife({ courses, store: courseStore, covers, directory, streamKeys, clock, logger }), views: courseViews }),
    ...ownershipHandlers({ ...options, accounts: store, courses, courseStore, enrolments, notices: mails, views: courseViews }),
    ...categoryHandlers({ categories }),
    ...invitationHandlers({ invitations, courses, courseStore, members, admissions, accounts: store }),
    ...enrolmentHandlers({ ...enrolment, courses, members, clock }),
    ...rosterHandlers(enrolment),
    ...lectureHandlers({ directory, views: lectureViews, courses: courseStore, accounts: store, clock, ...planning }),
    ...learning.handlers,
    ...communityParts({ ...options, accounts: store, people: enrolment.people, enrolments, videos: options.uploading.videos, policy }),
    ...videos.handlers,
    ...liveHandlers({ directory, views: lectureViews, courseStore, tokens, clock, ice: config, signalingPathOf }),
    ...homeHandlers({ courses, views: lectureViews, watched, clock }),
    ...imageHandlers(images),
    ...peopleHandlers({ accounts: store, enrolments }),
  };
  return { handlers, audit, sharing: videos.sharing, calendars: learning.calendars, uploadAbilities: videos.uploadAbilities, stopFollowing: () => (stopFollowing(), videos.close()), logins, firstAccount, courseRoles, gatekeeper: new Gatekeeper({ tokens, logins, accessTokens, policy, placeOfVideo: (videoId) => videoCatalog.get(videoId) }) };
}
