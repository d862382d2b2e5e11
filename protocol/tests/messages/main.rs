//! Messages from draft to verdict: the honest way, and every attack on it that the core must withstand by itself.

#[cfg(test)]
mod answers;
#[cfg(test)]
mod attacks;
#[cfg(test)]
mod bounds;
#[cfg(test)]
mod coins;
#[cfg(test)]
mod errors;
#[cfg(test)]
mod exact;
#[cfg(test)]
mod forge;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod parsers;
#[cfg(test)]
mod party;
#[cfg(test)]
mod prekeys;
#[cfg(test)]
mod receipts;
#[cfg(test)]
mod schedules;
#[cfg(test)]
mod way;
