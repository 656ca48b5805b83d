/** Libraries as the modules of static/js import them: by the address under which they are served. */

declare module "*/leaflet/dist/leaflet-src.esm.js" {
  export * from "leaflet";
}
