"""The dialect of the Yespo / eSputnik / Reteno API."""
