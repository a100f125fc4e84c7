import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ErrorBoundary, LocationProvider, Route, Router } from 'preact-iso';
import { CourseId, LectureId, VideoId } from '#engine/contract';
import { Button, ButtonLink, EmptyState, Toasts } from '../design/index.ts';
import { text } from '../text/index.ts';
import { LateUploadDock } from '../uploads/LateUploadDock.tsx';
import { lazyPage } from './lazyPage.tsx';
import { paths } from './paths.ts';
import { AccountLoading, RequireAccount } from './RequireAccount.tsx';
import { accountStore } from './services.ts';
import { Shell } from './Shell.tsx';
import { SiteBanner } from './SiteBanner.tsx';
import { followSiteNotice } from './siteNotice.ts';

const WelcomePage = lazyPage(() => import('../account/WelcomePage.tsx'));
const SignInPage = lazyPage(() => import('../account/SignInPage.tsx'));
const SignUpPage = lazyPage(() => import('../account/SignUpPage.tsx'));
const SetupPage = lazyPage(() => import('../account/SetupPage.tsx'));
const ProfilePage = lazyPage(() => import('../account/ProfilePage.tsx'));
const VerifyEmailPage = lazyPage(() => import('../personal/VerifyEmailPage.tsx'));
const ConfirmAddressPage = lazyPage(() => import('../personal/ConfirmAddressPage.tsx'));
const ForgotPasswordPage = lazyPage(() => import('../personal/ForgotPasswordPage.tsx'));
const ResetPasswordPage = lazyPage(() => import('../personal/ResetPasswordPage.tsx'));
const MyDataPage = lazyPage(() => import('../personal/MyDataPage.tsx'));
const DeleteAccountPage = lazyPage(() => import('../personal/DeleteAccountPage.tsx'));
const AccountDeactivatedPage = lazyPage(() => import('../personal/AccountDeactivatedPage.tsx'));
const SecurityPage = lazyPage(() => import('../security/SecurityPage.tsx'));
const ProviderReturnPage = lazyPage(() => import('../security/ProviderReturnPage.tsx'));
const AdministrationPage = lazyPage(() => import('../administration/AdministrationPage.tsx'));
const InvitationPage = lazyPage(() => import('../account/InvitationPage.tsx'));
const HomePage = lazyPage(() => import('../courses/HomePage.tsx'));
const CoursesPage = lazyPage(() => import('../courses/list/CoursesPage.tsx'));
const TrashPage = lazyPage(() => import('../courses/list/TrashPage.tsx'));
const CategoriesPage = lazyPage(() => import('../courses/categories/CategoriesPage.tsx'));
const CoursePage = lazyPage(() => import('../courses/CoursePage.tsx'));
const QuizRoute = lazyPage(() => import('../quizzes/QuizRoute.tsx'));
const CalendarPage = lazyPage(() => import('../calendar/CalendarPage.tsx'));
const LiveRoomPage = lazyPage(() => import('../live/LiveRoomPage.tsx'));
const StudioPage = lazyPage(() => import('../studio/StudioPage.tsx'));
const LibraryPage = lazyPage(() => import('../library/LibraryPage.tsx'));
const UploadPage = lazyPage(() => import('../uploads/UploadPage.tsx'));
const VideoPage = lazyPage(() => import('../videoPage/VideoPage.tsx'));
const EditorPage = lazyPage(() => import('../editor/EditorPage.tsx'));
const WatchPage = lazyPage(() => import('../vod/WatchPage.tsx'));

export function App() {
  const [isBroken, setBroken] = useState(false);
  useEffect(followSiteNotice, []);
  if (isBroken) return <Broken />;
  return (
    <LocationProvider>
      <ErrorBoundary onError={() => setBroken(true)}>
        <Router onRouteChange={() => document.getElementById('main')?.focus({ preventScroll: true })}>
          <Route path="/" component={Start} />
          <Route path="/setup" component={Setup} />
          <Route path="/sign-in" component={SignIn} />
          <Route path="/sign-in/:providerId" component={ProviderReturn} />
          <Route path="/sign-up" component={SignUp} />
          <Route path="/verify-email" component={VerifyEmail} />
          <Route path="/confirm-address" component={ConfirmAddress} />
          <Route path="/forgot-password" component={ForgotPassword} />
          <Route path="/reset-password" component={ResetPassword} />
          <Route path="/account-deactivated" component={AccountDeactivated} />
          <Route path="/profile" component={Profile} />
          <Route path="/my-data" component={MyData} />
          <Route path="/delete-account" component={DeleteAccount} />
          <Route path="/security" component={Security} />
          <Route path="/administration" component={Administration} />
          <Route path="/administration/:section" component={Administration} />
          <Route path="/administration/:section/:itemId" component={Administration} />
          <Route path="/calendar" component={Calendar} />
          <Route path="/invitation" component={Invitation} />
          <Route path="/courses" component={Courses} />
          <Route path="/courses/trash" component={Trash} />
          <Route path="/courses/categories" component={Categories} />
          <Route path="/courses/:courseId" component={Course} />
          <Route path="/courses/:courseId/quizzes/:quizId" component={Quiz} />
          <Route path="/courses/:courseId/quizzes/:quizId/:part" component={Quiz} />
          <Route path="/live/:lectureId" component={Live} />
          <Route path="/studio/:lectureId" component={Studio} />
          <Route path="/watch/:videoId" component={Watch} />
          <Route path="/library" component={Library} />
          <Route path="/uploads" component={Upload} />
          <Route path="/videos/:videoId" component={Video} />
          <Route path="/videos/:videoId/edit" component={Editor} />
          <Route default component={NotFound} />
        </Router>
      </ErrorBoundary>
      <LateUploadDock />
      <Toasts />
    </LocationProvider>
  );
}

function Start() {
  const { status } = accountStore.state.value;
  if (status === 'signedIn') return inShell(<HomePage />);
  return inShell(status === 'signedOut' ? <WelcomePage /> : <AccountLoading />);
}

const Setup = () => inShell(<SetupPage />);
const SignIn = () => inShell(<SignInPage />);
const SignUp = () => inShell(<SignUpPage />);
const VerifyEmail = () => inShell(<VerifyEmailPage />);
const ConfirmAddress = () => inShell(<ConfirmAddressPage />);
const ForgotPassword = () => inShell(<ForgotPasswordPage />);
const ResetPassword = () => inShell(<ResetPasswordPage />);
const AccountDeactivated = () => inShell(<AccountDeactivatedPage />);
const MyData = () => inShell(forAccount(<MyDataPage />));
const DeleteAccount = () => inShell(forAccount(<DeleteAccountPage />));
const Profile = () => inShell(forAccount(<ProfilePage />));
const Administration = ({ section, itemId }: { section?: string; itemId?: string }) => inShell(forAccount(<AdministrationPage section={section} itemId={itemId} />));
const Security = () => inShell(forAccount(<SecurityPage />));
const ProviderReturn = ({ providerId }: { providerId: string }) => inShell(<ProviderReturnPage key={providerId} providerId={providerId} />);
const Calendar = () => inShell(forAccount(<CalendarPage />));
const Invitation = () => inShell(forAccount(<InvitationPage />));
const Courses = () => inShell(forAccount(<CoursesPage />));
const Trash = () => inShell(forAccount(<TrashPage />));
const Categories = () => inShell(forAccount(<CategoriesPage />));
const Library = () => inShell(forAccount(<LibraryPage />));
const Upload = () => inShell(forAccount(<UploadPage />));
const Video = ({ videoId }: { videoId: string }) => (isId(VideoId, videoId) ? inShell(forAccount(<VideoPage key={videoId} videoId={videoId} />)) : <NotFound />);
const Course = ({ courseId }: { courseId: string }) => (isId(CourseId, courseId) ? inShell(forAccount(<CoursePage key={courseId} courseId={courseId} />)) : <NotFound />);
const Quiz = ({ courseId, quizId, part }: { courseId: string; quizId: string; part?: string }) => (isId(CourseId, courseId) ? inShell(forAccount(<QuizRoute key={`${quizId}/${part ?? ''}`} courseId={courseId} quizId={quizId} part={part} />)) : <NotFound />);
const Live = ({ lectureId }: { lectureId: string }) => (isId(LectureId, lectureId) ? onStage(<LiveRoomPage key={lectureId} lectureId={lectureId} />) : <NotFound />);
const Studio = ({ lectureId }: { lectureId: string }) => (isId(LectureId, lectureId) ? onStage(<StudioPage key={lectureId} lectureId={lectureId} />) : <NotFound />);
const Editor = ({ videoId }: { videoId: string }) => (isId(VideoId, videoId) ? onStage(<EditorPage key={videoId} videoId={videoId} />) : <NotFound />);
const Watch = ({ videoId }: { videoId: string }) => (isId(VideoId, videoId) ? onStage(<WatchPage key={videoId} videoId={videoId} />) : <NotFound />);

/** A mistyped link names nothing that the server could know. */
function isId(schema: typeof CourseId | typeof LectureId | typeof VideoId, id: string): boolean {
  return schema.safeParse(id).success;
}

function forAccount(page: ComponentChildren) {
  return <RequireAccount>{page}</RequireAccount>;
}

/** A page with a layout of its own. */
function onStage(page: ComponentChildren) {
  return (
    <>
      <SiteBanner isFloating />
      {forAccount(page)}
    </>
  );
}

function inShell(page: ComponentChildren) {
  return <Shell>{page}</Shell>;
}

function NotFound() {
  return inShell(
    <EmptyState isPage title={text.shell.notFoundTitle} action={<ButtonLink variant="primary" href={paths.home}>{text.shell.toHome}</ButtonLink>}>
      {text.shell.notFound}
    </EmptyState>,
  );
}

function Broken() {
  return (
    <EmptyState
      isPage
      title={text.shell.brokenTitle}
      action={
        <Button variant="primary" onClick={() => location.reload()}>
          {text.shell.reload}
        </Button>
      }
    >
      {text.shell.broken}
    </EmptyState>
  );
}
