import { useLocation } from 'preact-iso';
import type { InvitationOffer } from '#api/contract';
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
  const { query } = useLocation();
  const token = query.token ?? '';
  const { data, error, reload } = useLoaded((signal) => api.showInvitation({ body: { token } }, { signal }), [token]);
  return (
    <div class="page page--narrow">
      <h1>{text.invitation.title}</h1>
      {error ? <LoadFailure error={error} onRetry={reload} /> : null}
      {data || error ? null : <Loading />}
      {data ? <Offer offer={data} token={token} /> : null}
    </div>
  );
}

/** What the link offers, and the way in. */
function Offer({ offer, token }: { offer: InvitationOffer; token: string }) {
  const { courseId, role, usesLeft, isMember, isFull } = offer;
  const { route } = useLocation();
  const accept = useAction(async () => {
    await api.acceptInvitation({ body: { token } });
    route(paths.course(courseId), true);
  });
  return (
    <div class="stack">
      <p dir="auto">{text.invitation.to(offer.courseTitle, offer.ownerName)}</p>
      {offer.invitedBy && offer.invitedBy !== offer.ownerName ? <p dir="auto">{text.enrolment.invitedBy(offer.invitedBy)}</p> : null}
      <p class="quiet">{text.invitation.as[role]}</p>
      <p class="small quiet tabular">
        {usesLeft > 0 ? text.enrolment.usesLeft(usesLeft) : null}
        {text.enrolment.validUntil(formatDateTime(offer.expiresAt))}
      </p>
      {isMember ? <Notice tone="good">{text.enrolment.alreadyMember}</Notice> : null}
      {isFull && !isMember ? <Notice>{text.enrolment.invitationFull}</Notice> : null}
      {accept.problem ? <Notice tone="danger">{accept.problem}</Notice> : null}
      {isMember && role === 'student' ? (
        <ButtonLink variant="primary" size="large" isWide href={paths.course(courseId)}>
          {text.enrolment.openCourse}
        </ButtonLink>
      ) : (
        <Button variant="primary" size="large" isWide isBusy={accept.isBusy} onClick={() => accept.run()}>
          {isFull ? text.enrolment.joinWaiting : text.invitation.accept}
        </Button>
      )}
    </div>
  );
}
