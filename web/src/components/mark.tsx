/** The same drawing as public/mark.svg, which the browser shows in its tab. */
export const Mark = () => <img class="mark" src="/mark.svg" alt="" width="28" height="28" />
