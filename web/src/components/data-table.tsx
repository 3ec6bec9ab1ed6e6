import type { ComponentChildren } from 'preact'
import { useMemo } from 'preact/hooks'
import { lasting } from '../api/ask-again.ts'
import type { Pages } from '../api/query.ts'
import { words } from '../i18n/language.ts'
import { useFolding } from './folded-rows.ts'
import { ProblemBox, Skeleton } from './states.tsx'

export interface Column<T> {
  key: string
  title: string
  cell: (item: T) => ComponentChildren
  /** `main` names the row (a row header), `number` is right-aligned, `wide` takes a card's full width on a phone, `action` too, and
   * `choice` stands beside the row's name, both without a title. */
  kind?: 'main' | 'number' | 'wide' | 'choice' | 'action'
  sort?: { active: boolean; href: string }
}

interface TableProps<T> {
  caption: string
  /** Whether the caption is only for screen readers, because a heading says the same. */
  hideCaption?: boolean
  /** Must keep its identity between renders that show the same, else every row is drawn again. */
  columns: readonly Column<T>[]
  pages: readonly (readonly T[])[]
  keyOf: (item: T) => string | number
  /** Has many or wide columns: becomes cards earlier. */
  wide?: boolean
}

/** A table that becomes a list of cards where its container is narrow. The roles keep it a table for screen readers then. */
export function DataTable<T>({ caption, hideCaption = true, columns, pages, keyOf, wide = false }: TableProps<T>) {
  return (
    <div class={wide ? 'table-box table-box-wide' : 'table-box'}>
      <table class="table" role="table">
        <caption class={hideCaption ? 'visually-hidden' : undefined}>{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <th
                key={column.key}
                role="columnheader"
                scope="col"
                class={column.kind ? `cell-${column.kind}` : undefined}
                aria-sort={column.sort ? (column.sort.active ? 'descending' : 'none') : undefined}
              >
                {column.sort ? (
                  <a href={column.sort.href} class="sort" aria-current={column.sort.active ? 'true' : undefined}>
                    {column.title}
                    <span aria-hidden="true">{column.sort.active ? ' ↓' : ' ↕'}</span>
                  </a>
                ) : (
                  column.title
                )}
              </th>
            ))}
          </tr>
        </thead>
        {pages.map((page, index) => (
          <Rows key={index} columns={columns} page={page} keyOf={keyOf} pageCount={pages.length} />
        ))}
      </table>
    </div>
  )
}

interface RowsProps<T> extends Pick<TableProps<T>, 'columns' | 'keyOf'> {
  page: readonly T[]
  pageCount: number
}

function Rows<T>({ columns, page, keyOf, pageCount }: RowsProps<T>) {
  const { ref, height } = useFolding(pageCount)
  // The same element again tells Preact to leave these rows alone when only another page is added.
  return useMemo(
    () => (
      <tbody role="rowgroup" ref={ref}>
        {height === null ? (
          page.map((item) => <Row key={keyOf(item)} columns={columns} item={item} />)
        ) : (
          <tr class="folded" style={{ height: `${height}px` }} aria-hidden="true">
            <td colSpan={columns.length} />
          </tr>
        )}
      </tbody>
    ),
    [columns, page, height],
  )
}

function Row<T>({ columns, item }: { columns: readonly Column<T>[]; item: T }) {
  return (
    <tr role="row">
      {columns.map((column) =>
        column.kind === 'main' ? (
          <th key={column.key} role="rowheader" scope="row" class="cell-main">
            {column.cell(item)}
          </th>
        ) : (
          <td key={column.key} role="cell" class={column.kind ? `cell-${column.kind}` : undefined} data-title={column.title}>
            {column.cell(item)}
          </td>
        ),
      )}
    </tr>
  )
}

interface PagedTableProps<T> extends Omit<TableProps<T>, 'pages'> {
  list: Pages<T>
  empty: ComponentChildren
}

/** A keyset-paged list in all its states, with "show more" below. */
export function PagedTable<T>({ list, empty, ...table }: PagedTableProps<T>) {
  const { pages, loading, isOld, hasMore, more, retry } = list
  const error = lasting(list.error)
  const t = words().states
  const isEmpty = pages !== undefined && pages.every((page) => page.length === 0)
  return (
    <div class="answer" aria-busy={loading}>
      {error && <ProblemBox error={error} retry={retry} />}
      {pages === undefined ? (
        error ? null : (
          <Skeleton lines={10} />
        )
      ) : isEmpty ? (
        empty
      ) : (
        <div class={isOld ? 'stale' : undefined}>
          <DataTable {...table} pages={pages} />
        </div>
      )}
      {hasMore && !list.error && (
        <p class="more">
          <button type="button" class="button" onClick={more} disabled={loading}>
            {loading ? t.loading : t.more}
          </button>
        </p>
      )}
    </div>
  )
}
