import { useLocation } from 'preact-iso';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { useAction } from '../app/useAction.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { usePageTitle } from '../app/usePageTitle.ts';
import { Button, ButtonLink, Loading, Notice } from '../design/index.ts';
import { formatDateTime } from '../text/format.ts';
import { text } from '../text/index.ts';

/** Opened with an invitation link of an instructor: shows the course, the role and what is left of the link, and admits the person. */
export default function InvitationPage() {
  usePageTitle(text.invitation.title);
  const { query, route } = useLocation();
  const token = query.token ?? '';
  const { data, error, reload } = useLoaded((signal) => api.showInvitation({ body: { token } }, { signal }), [token]);
  const accept = useAction(async () => {
    const { courseId } = await api.acceptInvitation({ body: { token } });
    route(paths.course(courseId), true);
  });
  return (
    <div class="page page--narrow">
      <h1>{text.invitation.title}</h1>
      {error ? <LoadFailure error={error} onRetry={reload} /> : null}
      {data || error ? null : <Loading />}
      {data ? (
        <div class="stack">
          <p dir="auto">{text.invitation.to(data.courseTitle, data.ownerName)}</p>
          {data.invitedBy && data.invitedBy !== data.ownerName ? <p dir="auto">{text.enrolment.invitedBy(data.invitedBy)}</p> : null}
          <p class="quiet">{text.invitation.as[data.role]}</p>
          <p class="small quiet tabular">
            {data.usesLeft > 0 ? text.enrolment.usesLeft(data.usesLeft) : null}
            {text.enrolment.validUntil(formatDateTime(data.expiresAt))}
          </p>
          {data.isMember ? <Notice tone="good">{text.enrolment.alreadyMember}</Notice> : null}
          {data.isFull && !data.isMember ? <Notice>{text.enrolment.invitationFull}</Notice> : null}
          {accept.problem ? <Notice tone="danger">{accept.problem}</Notice> : null}
          {data.isMember && data.role === 'student' ? (
            <ButtonLink variant="primary" size="large" isWide href={paths.course(data.courseId)}>
              {text.enrolment.openCourse}
            </ButtonLink>
          ) : (
            <Button variant="primary" size="large" isWide isBusy={accept.isBusy} onClick={() => accept.run()}>
              {data.isFull ? text.enrolment.joinWaiting : text.invitation.accept}
            </Button>
          )}
        </div>
      ) : null}
    </div>
  );
}
