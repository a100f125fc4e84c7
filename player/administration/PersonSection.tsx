import { ArrowLeft } from 'lucide-preact';
import { UserId } from '#engine/contract';
import type { SitePersonDetail } from '#api/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { Avatar, ButtonLink, EmptyState, SkeletonList, Tabs } from '../design/index.ts';
import { formatDateTime } from '../text/format.ts';
import { text } from '../text/index.ts';
import { AuditList } from './AuditSection.tsx';
import { PersonBadges } from './PeopleSection.tsx';
import { PersonMenu } from './PersonMenu.tsx';

/** One account: its courses, its logins, and what was done to it and by it. */
export function PersonSection({ userId }: { userId: string }) {
  const isId = UserId.safeParse(userId).success;
  const { data, error, reload } = useLoaded((signal) => (isId ? api.getPerson({ params: { userId } }, { signal }) : Promise.resolve(undefined)), [userId]);
  const back = (
    <ButtonLink variant="quiet" href={paths.administrationSection('people')}>
      <ArrowLeft aria-hidden="true" />
      {text.administration.people.back}
    </ButtonLink>
  );
  if (!isId) return <EmptyState title={text.administration.people.gone} action={back} />;
  return (
    <div class="stack">
      <div class="row">{back}</div>
      {error ? <LoadFailure error={error} onRetry={reload} /> : null}
      {data || error ? null : <SkeletonList rows={4} />}
      {data ? <PersonView person={data} onChanged={reload} /> : null}
    </div>
  );
}

function PersonView({ person, onChanged }: { person: SitePersonDetail; onChanged: () => void }) {
  const words = text.administration.people;
  const tabs = [
    { key: 'courses', label: words.courses, panel: <PersonCourses person={person} /> },
    { key: 'logins', label: words.logins, panel: <PersonLogins person={person} /> },
    { key: 'done', label: words.done, panel: <div class="stack tab-panel"><AuditList targetId={person.id} /></div> },
    { key: 'did', label: words.did, panel: <div class="stack tab-panel"><AuditList actorId={person.id} /></div> },
  ];
  return (
    <>
      <div class="person">
        <Avatar name={person.displayName} imageId={person.avatarId} />
        <div class="grow">
          <h1 dir="auto">{person.displayName}</h1>
          <p class="quiet">
            {person.email} · {words.joined} {formatDateTime(person.createdAt)} · {words.seen}: {person.lastSeenAt === null ? words.never : formatDateTime(person.lastSeenAt)}
          </p>
          <PersonBadges person={person} />
        </div>
        <PersonMenu person={person} onChanged={onChanged} />
      </div>
      <Tabs label={person.displayName} tabs={tabs} />
    </>
  );
}

function PersonCourses({ person: { courses } }: { person: SitePersonDetail }) {
  if (courses.length === 0) return <p class="quiet tab-panel">{text.administration.people.noCourses}</p>;
  return (
    <ul class="stack-tight tab-panel">
      {courses.map(({ id, title, role }) => (
        <li key={id} class="row">
          <a href={paths.course(id)} dir="auto">
            {title}
          </a>
          <span class="small quiet">{text.course.roles[role]}</span>
        </li>
      ))}
    </ul>
  );
}

function PersonLogins({ person: { logins } }: { person: SitePersonDetail }) {
  if (logins.length === 0) return <p class="quiet tab-panel">{text.administration.people.noLogins}</p>;
  return (
    <ul class="stack-tight tab-panel">
      {logins.map(({ id, userAgent, address, lastUsedAt }) => (
        <li key={id}>
          <div>{userAgent}</div>
          <div class="small quiet">
            {address} · {text.administration.people.loginUsed(formatDateTime(lastUsedAt))}
          </div>
        </li>
      ))}
    </ul>
  );
}
