/** As much of d3-scale as the plots use; the package has no types of its own. */
declare module 'd3-scale' {
  interface LinearScale {
    (value: number): number;
    domain(bounds: [number, number]): LinearScale;
    range(bounds: [number, number]): LinearScale;
    ticks(count: number): number[];
  }
  export function scaleLinear(): LinearScale;
  export function scaleLog(): LinearScale;
}
