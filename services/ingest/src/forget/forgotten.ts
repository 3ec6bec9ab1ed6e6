/** The Policy Domain that is being forgotten. */
export interface Forgotten {
  id: number
  name: string
}
