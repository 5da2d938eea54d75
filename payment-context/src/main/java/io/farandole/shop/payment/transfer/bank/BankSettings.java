package io.farandole.shop.payment.transfer.bank;

/**
 * A bank's database.
 *
 * @param url its JDBC URL, {@code jdbc:postgresql://…}
 * @param username a role with the rights that {@code schema.sql} grants
 * @param password its password
 */
public record BankSettings(String url, String username, String password) {

    /** Leaves the password out. */
    @Override
    public String toString() {
        return "BankSettings[url=" + url + ", username=" + username + "]";
    }
}
