//! Load balancers on the real cluster: what they lead to, by real requests, and what they say where they do not.

mod reach;
mod refuse;
mod scene;
mod several;
