import { api } from '../app/services.ts';
import { useLoaded, usePolling } from '../app/useLoaded.ts';
import { text } from '../text/index.ts';
import { CountBadge } from './CountBadge.tsx';

const refreshMs = 30_000;

/** The name of the tab of people, with the number of requests to be decided. */
export function PeopleTabLabel({ courseId }: { courseId: string }) {
  const { data, reload } = useLoaded((signal) => api.getAdmission({ params: { courseId } }, { signal }), [courseId]);
  usePolling(reload, refreshMs);
  return (
    <>
      {text.course.people}
      {data && data.requestCount > 0 ? <CountBadge count={data.requestCount} label={text.enrolment.openRequests(data.requestCount)} /> : null}
    </>
  );
}
