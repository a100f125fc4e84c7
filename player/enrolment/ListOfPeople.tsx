import type { ComponentChildren } from 'preact';
import type { ImageId } from '#engine/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { Avatar, Button, SkeletonList } from '../design/index.ts';
import { text } from '../text/index.ts';
import './enrolment.css';
import type { Pages } from './usePages.ts';

interface ListOfPeopleProps<Row> {
  pages: Pages<Row>;
  /** Shown instead of an empty list. */
  emptyText: ComponentChildren;
  children: (row: Row, index: number) => ComponentChildren;
}

/** A list in pages, with its empty state, its failure and the button that loads more. */
export function ListOfPeople<Row>({ pages, emptyText, children }: ListOfPeopleProps<Row>) {
  const { data, error, reload, more } = pages;
  return (
    <>
      {error ? <LoadFailure error={error} onRetry={reload} /> : null}
      {data || error ? null : <SkeletonList rows={4} height="3.5rem" />}
      {data?.rows.length === 0 ? <p class="quiet">{emptyText}</p> : null}
      {data && data.rows.length > 0 ? <ul class="list">{data.rows.map(children)}</ul> : null}
      {more ? (
        <div class="row">
          <Button onClick={more}>{text.enrolment.showMore}</Button>
        </div>
      ) : null}
    </>
  );
}

interface PersonRowProps {
  name: string;
  imageId?: ImageId | null;
  /** The lines below the name. */
  details?: ComponentChildren;
  children?: ComponentChildren;
}

/** A person with a picture, and what can be done. */
export function PersonRow({ name, imageId = null, details, children }: PersonRowProps) {
  return (
    <li class="person person--actions">
      <Avatar name={name} imageId={imageId} />
      <div class="grow">
        <div dir="auto">{name}</div>
        {details}
      </div>
      {children}
    </li>
  );
}
