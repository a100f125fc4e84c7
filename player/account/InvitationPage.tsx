import { useLocation } from 'preact-iso';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { useAction } from '../app/useAction.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { usePageTitle } from '../app/usePageTitle.ts';
import { Button, Loading, Notice } from '../design/index.ts';
import { text } from '../text/index.ts';

/** Opened with the one-time link of an instructor: shows the course and the role, and admits the person. */
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
          <p class="quiet">{text.invitation.as[data.role]}</p>
          {accept.problem ? <Notice tone="danger">{accept.problem}</Notice> : null}
          <Button variant="primary" size="large" isWide isBusy={accept.isBusy} onClick={() => accept.run()}>
            {text.invitation.accept}
          </Button>
        </div>
      ) : null}
    </div>
  );
}
