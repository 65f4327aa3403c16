-- Each login asks for the highest cost of a kept hash, and takes as long as that, so that its time tells nothing.
CREATE INDEX users_password_cost ON users (substr(password_hash, 5, 2));
